use super::*;

#[test]
fn kinds_and_event_lists_agree() {
    let known = |kind: &str| EVENT_KINDS.iter().filter(|k| **k == kind).count();
    assert!(Ledger::ALL.iter().all(|l| known(l.kind()) == usize::from(!l.events().is_empty())));
    assert_eq!(known(CUSTOMER_KIND), 1);
    assert!(EVENT_KINDS.iter().all(|kind| !events_of(kind).is_empty()));
    assert!(events_of("activity").is_empty() && events_of("none").is_empty());
    for e in Ledger::ALL.iter().flat_map(|l| l.events()) {
        assert!(e.effect != Effect::Leads || e.states.contains(&e.name), "{e:?}");
        assert!(e.effect != Effect::Turns || e.fact == e.name, "{e:?}");
    }
    assert_eq!(Ledger::parse_any("activity"), Some(Ledger::Activities));
    assert_eq!(Ledger::parse_any("complaint"), Some(Ledger::Complaints));
    assert_eq!(Ledger::parse_any("need"), Some(Ledger::Needs));
}

#[test]
fn entries_name_columns_that_there_are() {
    for l in Ledger::ALL {
        let (columns, computed) =
            (|c: &str| l.column(c).is_some(), |c: &str| l.spec().computed.iter().any(|k| k.name == c));
        assert!(l.shared().iter().all(|c| columns(c)), "{l}");
        assert!(l.spec().list.iter().all(|c| columns(c) || computed(c) || *c == "customer.name"), "{l}");
        // Where lines of one id stand together in a list, they have numbers.
        assert!(!l.spec().whole || l.key().contains(&"line"), "{l}");
        // What waits has a first state to leave.
        assert!(
            l.spec().wait.is_empty() || columns(l.spec().wait) && l.events().iter().any(|e| e.fact == "state"),
            "{l}"
        );
        // What is folded has events to be read.
        let folded = |c: &&Computed| l.events().iter().any(|e| e.fact == c.name);
        assert!(l.spec().computed.iter().filter(folded).all(|_| l.spec().reads.contains(&L::Events)), "{l}");
    }
}

#[test]
fn key_columns_exist_and_prefixes_differ() {
    for l in Ledger::ALL {
        for k in l.key() {
            assert!(l.column(k).is_some(), "{l}.{k}");
        }
        for other in Ledger::ALL {
            assert!(l == other || l.prefix().is_empty() || l.prefix() != other.prefix());
        }
    }
}
