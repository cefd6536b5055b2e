//! For every command a line that succeeds, and the company in which it does. The commands themselves come from the program's
//! own table; one without a line here fails every test that walks over all commands, so none is forgotten.

use super::super::golden::command_paths;
use super::{Dir, copy_tree, start};
use std::sync::LazyLock;

/// A command line, and whether it changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    Read,
    Write,
}

use Does::{Read, Write};

/// (command, what it does, arguments with which it has something to do in [`company`]).
const LINES: &[(&str, Does, &[&str])] = &[
    ("init", Write, &["sub"]),
    ("demo", Write, &["sub"]),
    ("today", Read, &[]),
    ("today", Read, &["--team"]),
    ("digest", Read, &["--all", "-p", "2026"]),
    ("due", Read, &["--within", "60d"]),
    ("who", Read, &["acme"]),
    ("show", Read, &["acme"]),
    ("brief", Read, &["acme"]),
    ("list", Read, &["--columns", "id,name,owner,stage,note,aliases", "--total"]),
    ("log", Write, &["acme", "called"]),
    ("stage", Write, &["beta", "prospect"]),
    ("funnel", Read, &[]),
    ("gap", Read, &["--all", "-p", "2026"]),
    ("stalled", Read, &[]),
    ("stalled", Read, &["--explain"]),
    ("close", Write, &["acme", "--reason", "other"]),
    ("reopen", Write, &["delta"]),
    ("assign", Write, &["acme", "--to", "wu"]),
    ("claim", Write, &["gamma"]),
    ("release", Write, &["acme"]),
    ("pool list", Read, &[]),
    ("pool sweep", Read, &[]),
    ("pool warn", Read, &[]),
    ("pool keep", Write, &["acme", "--until", "+30d", "--note", "x", "--as", "chen"]),
    ("handover", Write, &["li", "--to", "wu"]),
    ("grade", Read, &[]),
    ("history", Read, &["acme"]),
    ("history", Read, &["order:SO-1"]),
    ("dupes", Read, &["--min", "5"]),
    ("edit", Write, &["acme"]),
    ("merge", Write, &["acme", "gamma"]),
    ("rename", Write, &["acme", "acme-trading"]),
    ("customer add", Write, &["Novo", "--id", "novo"]),
    ("customer list", Read, &[]),
    ("customer show", Read, &["acme"]),
    ("customer set", Write, &["acme", "city=X"]),
    ("customer rm", Write, &["gamma"]),
    ("contact add", Write, &["acme", "Ann Lee"]),
    ("contact list", Read, &[]),
    ("contact show", Read, &["acme", "wang"]),
    ("contact set", Write, &["acme", "wang", "likes=tea"]),
    ("contact rm", Write, &["acme", "zhao"]),
    ("activity add", Write, &["acme", "called"]),
    ("activity list", Read, &[]),
    ("activity show", Read, &["a_1000000acme1"]),
    ("activity set", Write, &["a_1000000acme1", "note=x"]),
    ("activity rm", Write, &["a_1000000acme1"]),
    ("event list", Read, &[]),
    ("event show", Read, &["e_1000000acme1"]),
    ("task add", Write, &["call", "--due", "+1d"]),
    ("task list", Read, &[]),
    ("task show", Read, &["t_1000000acme1"]),
    ("task set", Write, &["t_1000000acme1", "note=x"]),
    ("task done", Write, &["t_1000000acme1"]),
    ("task rm", Write, &["t_1000000acme1"]),
    ("order add", Write, &["acme", "p10:1"]),
    ("order confirm", Write, &["SO-2"]),
    ("order ship", Write, &["SO-1"]),
    ("order deliver", Write, &["SO-1"]),
    ("order cancel", Write, &["SO-2"]),
    ("order return", Write, &["SO-1", "1", "1"]),
    ("order list", Read, &[]),
    ("order show", Read, &["SO-1"]),
    ("order set", Write, &["SO-1/1", "note=x"]),
    ("order rm", Write, &["SO-2"]),
    ("product add", Write, &["p30", "Pump", "price=10"]),
    ("product list", Read, &[]),
    ("product show", Read, &["p10"]),
    ("product set", Write, &["p10", "status=paused"]),
    ("product rm", Write, &["p20"]),
    ("deal add", Write, &["acme", "Line 5"]),
    ("deal list", Read, &[]),
    ("deal show", Read, &["D-1"]),
    ("deal set", Write, &["D-1", "amount=5"]),
    ("deal move", Write, &["D-1", "qualify"]),
    ("deal win", Write, &["D-2"]),
    ("deal lose", Write, &["D-1", "--reason", "price"]),
    ("deal rm", Write, &["D-1"]),
    ("message", Read, &["survey", "acme"]),
    ("complaint add", Write, &["acme", "dented", "--category", "delivery"]),
    ("complaint list", Read, &[]),
    ("complaint show", Read, &["K-1"]),
    ("complaint set", Write, &["K-1", "cause=dropped"]),
    ("complaint assign", Write, &["K-1", "--to", "li"]),
    ("complaint pause", Write, &["K-2", "photos"]),
    ("complaint resume", Write, &["K-3"]),
    ("complaint resolve", Write, &["K-2", "replaced"]),
    ("complaint confirm", Write, &["K-4"]),
    ("complaint notify", Write, &["K-1", "--channel", "call"]),
    ("complaint reopen", Write, &["K-4", "again"]),
    ("complaint rm", Write, &["K-1"]),
    ("quote try", Read, &["acme", "p10:1"]),
    ("quote add", Write, &["acme", "p10:1"]),
    ("quote send", Write, &["Q-2"]),
    ("quote accept", Write, &["Q-1"]),
    ("quote decline", Write, &["Q-1", "--reason", "price"]),
    ("quote list", Read, &[]),
    ("quote show", Read, &["Q-1"]),
    ("quote set", Write, &["Q-1", "valid_until=+20d"]),
    ("quote rm", Write, &["Q-2"]),
    ("receipt add", Write, &["acme", "10"]),
    ("receipt list", Read, &[]),
    ("receipt show", Read, &["P-1"]),
    ("receipt set", Write, &["P-1/1", "method=cash"]),
    ("receipt rm", Write, &["P-2"]),
    ("refund add", Write, &["acme", "5", "--kind", "goodwill", "--reason", "quality"]),
    ("refund list", Read, &[]),
    ("refund show", Read, &["F-1"]),
    ("refund set", Write, &["F-1", "note=x"]),
    ("refund rm", Write, &["F-1"]),
    ("supplier add", Write, &["wire", "Wire Works"]),
    ("supplier list", Read, &[]),
    ("supplier show", Read, &["parts"]),
    ("supplier set", Write, &["parts", "phone=5"]),
    ("supplier rm", Write, &["parts"]),
    ("need add", Write, &["acme", "cables"]),
    ("need list", Read, &[]),
    ("need show", Read, &["n_1000000acme1"]),
    ("need set", Write, &["n_1000000acme1", "solution=x"]),
    ("need solve", Write, &["n_1000000acme1", "--solution", "x"]),
    ("need drop", Write, &["n_1000000acme1", "no budget"]),
    ("need reopen", Write, &["N-1"]),
    ("need rm", Write, &["n_1000000acme1"]),
    ("feedback add", Write, &["acme", "nps", "9"]),
    ("feedback list", Read, &[]),
    ("feedback show", Read, &["B-1"]),
    ("feedback set", Write, &["B-1", "score=7"]),
    ("feedback handle", Write, &["B-1", "--cause", "x", "--action", "y"]),
    ("feedback verify", Write, &["B-2"]),
    ("feedback reopen", Write, &["B-2", "again"]),
    ("feedback rm", Write, &["B-1"]),
    ("spend add", Write, &["100", "gift"]),
    ("spend list", Read, &[]),
    ("spend show", Read, &["S-1"]),
    ("spend set", Write, &["S-1", "amount=7"]),
    ("spend rm", Write, &["S-1"]),
    ("rate add", Write, &["2026-06-02", "USD", "7.2"]),
    ("rate list", Read, &[]),
    ("rate show", Read, &["2026-06-01/USD"]),
    ("rate set", Write, &["2026-06-01/USD", "rate=7"]),
    ("rate rm", Write, &["2026-06-01/USD"]),
    ("target add", Write, &["2026", "wu", "orders", "9"]),
    ("target list", Read, &[]),
    ("target show", Read, &["2026/li/orders"]),
    ("target set", Write, &["2026/li/orders", "amount=7"]),
    ("target rm", Write, &["2026/li/orders"]),
    ("team add", Write, &["sun", "Sun Li", "role=rep"]),
    ("team list", Read, &[]),
    ("team show", Read, &["li"]),
    ("team leave", Write, &["li", "--on", "today", "--to", "wu"]),
    ("team set", Write, &["li", "department=sales"]),
    ("team rm", Write, &["zhou"]),
    ("report profit", Read, &[]),
    ("report products", Read, &[]),
    ("report orders", Read, &[]),
    ("report delivery", Read, &[]),
    ("report receivables", Read, &[]),
    ("report grades", Read, &[]),
    ("report stages", Read, &[]),
    ("report stages", Read, &["--by", "owner"]),
    ("report coverage", Read, &[]),
    ("report activity", Read, &[]),
    ("report aftersales", Read, &[]),
    ("report season", Read, &[]),
    ("report care", Read, &[]),
    ("report loyalty", Read, &[]),
    ("report commission", Read, &["-p", "2026"]),
    ("report performance", Read, &[]),
    ("report performance", Read, &["-p", "2026", "--per", "month", "--metric", "signed"]),
    ("report deals", Read, &[]),
    ("report deals", Read, &["--by", "stage"]),
    ("report relations", Read, &[]),
    ("report relations", Read, &["--by", "contact"]),
    ("report complaints", Read, &[]),
    ("report suppliers", Read, &[]),
    ("report feedback", Read, &[]),
    ("check", Read, &[]),
    ("fmt", Write, &[]),
    ("schema", Read, &[]),
    ("import", Write, &["more.csv", "--into", "customers"]),
    ("export", Read, &["customers"]),
    ("export", Read, &["orders"]),
    ("export", Read, &["due"]),
    ("row set", Write, &["a_1000000acme1", "note=x"]),
    ("row rm", Write, &["a_1000000acme1"]),
    ("undo", Write, &[]),
    ("undo", Read, &["--list"]),
    ("cache clear", Read, &[]),
    ("git setup", Read, &["-n"]),
    ("merge-driver", Write, &["merged.csv", "merged.csv", "more.csv", "ledgers/needs/2026-li.csv"]),
    ("completions", Read, &["bash"]),
    ("man", Read, &[]),
    ("help", Read, &["filters"]),
];

/// A command with arguments that succeed.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Its words, the command's first.
    pub(crate) words: Vec<&'static str>,
    /// Whether it changes something in the directory.
    pub(crate) writes: bool,
    /// Whether its answer has one form only, whatever the format.
    pub(crate) one_form: bool,
}

/// Every command of the program, at least once.
///
/// # Panics
/// A command has no line, or a line has no command.
pub(crate) fn calls() -> Vec<Call> {
    let paths: Vec<String> = command_paths().iter().map(|p| p.join(" ")).collect();
    let missing: Vec<&String> = paths.iter().filter(|p| LINES.iter().all(|(path, ..)| path != p)).collect();
    let gone: Vec<&str> = LINES.iter().map(|l| l.0).filter(|l| !paths.iter().any(|p| p == l)).collect();
    assert!(missing.is_empty() && gone.is_empty(), "without a line: {missing:?}; without a command: {gone:?}");
    let call = |(path, does, args): &(&'static str, Does, &'static [&'static str])| Call {
        words: path.split(' ').chain(args.iter().copied()).collect(),
        writes: *does == Write,
        one_form: matches!(*path, "completions" | "man" | "help" | "cache clear" | "git setup" | "merge-driver"),
    };
    LINES.iter().map(call).collect()
}

static COMPANY: LazyLock<Dir> = LazyLock::new(|| {
    let dir = start::make("small");
    let lines: &[&[&str]] = &[
        &["team", "add", "zhou", "Zhou Yi", "role=rep"],
        &["product", "add", "p20", "Pump", "price=100", "cost=60"],
        &["order", "add", "acme", "p10:4", "--id", "SO-1", "--at", "2026-06-10", "--promised", "2026-06-20"],
        &["order", "add", "acme", "p10:1", "--id", "SO-2"],
        &["order", "confirm", "SO-1"],
        &["log", "beta", "called", "--as", "wu"],
        &["quote", "add", "acme", "p10:3", "--id", "Q-1"],
        &["quote", "send", "Q-1"],
        &["quote", "add", "huaxin", "p10:3", "--id", "Q-2"],
        &["deal", "add", "acme", "Line 3", "--id", "D-1"],
        &["deal", "add", "acme", "Line 4", "--id", "D-2", "--stage", "propose"],
        &["receipt", "add", "acme", "300", "--order", "SO-1", "--id", "P-1"],
        &["receipt", "add", "huaxin", "50", "--id", "P-2"],
        &["refund", "add", "acme", "5", "--kind", "goodwill", "--reason", "quality", "--receipt", "P-1", "--id", "F-1"],
        &["supplier", "add", "parts", "Parts Ltd"],
        &["complaint", "add", "acme", "dented", "--category", "delivery", "--id", "K-1"],
        &["complaint", "add", "acme", "dented", "--category", "delivery", "--id", "K-2", "--to", "li"],
        &["complaint", "add", "acme", "dented", "--category", "delivery", "--id", "K-3", "--to", "li"],
        &["complaint", "pause", "K-3", "photos"],
        &["complaint", "add", "acme", "dented", "--category", "delivery", "--id", "K-4", "--to", "wu"],
        &["complaint", "resolve", "K-4", "replaced"],
        &["need", "add", "acme", "a spare", "--id", "N-1"],
        &["need", "drop", "N-1", "no budget"],
        &["feedback", "add", "acme", "nps", "9", "--id", "B-1"],
        &["feedback", "add", "acme", "nps", "8", "--id", "B-2"],
        &["feedback", "handle", "B-2", "--cause", "x", "--action", "y", "--as", "wu"],
        &["spend", "add", "200", "gift", "customer=acme", "--id", "S-1"],
        &["target", "add", "2026", "li", "orders", "500000"],
        &["rate", "add", "2026-06-01", "USD", "7.1"],
    ];
    for line in lines {
        dir.run(line).expect(0);
    }
    dir.write("merged.csv", "");
    dir.write("more.csv", "id,name,stage,created\nmore,More Ltd,lead,2026-06-01\n");
    dir
});

/// A company in which every line of [`calls`] has something to do.
pub(crate) fn company() -> Dir {
    let dir = Dir::empty();
    copy_tree(COMPANY.path(), dir.path());
    dir
}

/// What `edit` opens.
pub(crate) const EDITOR: (&str, &str) = ("EDITOR", "true");
