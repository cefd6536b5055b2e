//! Messages from templates: drafts, .eml files that other programs read, sending by `sendmail`, and what is recorded of it.
#![cfg(unix)]

use crate::support::{Dir, Ran, command, kehu_path, repo};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// A company whose people have mail addresses, a customer with two contacts, money that is late and a complaint.
fn company() -> Dir {
    let dir = Dir::new();
    let member = |id: &str, name: &str, role: &str, more: &str| {
        format!("[{id}]\nname = \"{name}\"\nemail = [\"{id}@test.example\"]\nrole = \"{role}\"\n{more}\n")
    };
    let team = [
        member("li", "李雷", "rep", "manager = \"chen\""),
        member("chen", "Chen Jie", "manager", ""),
        "[wu]\nname = \"Wu Min\"\nrole = \"rep\"\nmanager = \"chen\"\n".to_string(),
    ];
    dir.write("team.toml", team.concat());
    dir.write(
        "customers/hx.toml",
        "name = \"华新电子\"\ncreated = 2020-01-02\nstage = \"lead\"\nstatus = \"active\"\nowner = \"li\"\ngrade = \"\"\nintent = \"\"\n\n[[contacts]]\nid = \"ann\"\nname = \"Ann\"\n\n[[contacts]]\nid = \"wang\"\nname = \"王伟\"\nemail = \"wang@hx.example\"\n",
    );
    dir.write(
        "ledgers/orders/2020-li.csv",
        "id,line,at,customer,amount,due,by\nSO-1,1,2020-03-01,hx,1234.5,2020-04-01,li\n",
    );
    dir.write(
        "ledgers/complaints/2020-li.csv",
        "id,at,customer,contact,category,grade,by,text\nk_1,2020-05-04T09:00:00+08:00,hx,wang,quality,B,li,gets hot\\nat once\n",
    );
    dir
}

/// A `sendmail` that keeps what it is given in its folder, or fails.
fn sendmail(code: i32) -> Dir {
    let dir = Dir::empty();
    let script = format!(
        "#!/bin/sh\nfolder={0}\nn=$(ls \"$folder\" | wc -l)\ncat >\"$folder/$n.eml\"\necho \"$@\" >>\"$folder/args\"\n[ {code} -eq 0 ] || echo 'queue is full' >&2\nexit {code}\n",
        dir.path().join("mails").display()
    );
    std::fs::create_dir(dir.path().join("mails")).expect("a folder");
    dir.write("sendmail", script);
    std::fs::set_permissions(dir.path().join("sendmail"), std::fs::Permissions::from_mode(0o755)).expect("a mode");
    dir
}

/// The mails that it was given.
fn mails(post: &Dir) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(post.path().join("mails"))
        .expect("a folder")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.extension().is_some_and(|x| x == "eml"))
        .collect();
    names.sort();
    names.iter().map(|p| std::fs::read_to_string(p).expect("a mail")).collect()
}

fn by(dir: &Dir, post: &Dir, args: &[&str]) -> Ran {
    let program = post.path().join("sendmail");
    dir.run_with(args, &[("KEHU_SENDMAIL", program.to_str().expect("UTF-8"))], "")
}

fn json(ran: Ran) -> Vec<Value> {
    let all: Value = serde_json::from_str(&ran.expect(0).stdout).expect("JSON");
    all.as_array().expect("a list").clone()
}

/// A mail as Python's `email` package reads it without any defect: From, To, Subject, Date, Message-ID, text. `None` without Python.
fn parsed(file: &Path) -> Option<Value> {
    let script = "import email, email.policy, json, sys\nm = email.message_from_bytes(open(sys.argv[1], 'rb').read(), policy=email.policy.default.clone(raise_on_defect=True))\nh = [m[k] for k in ('From', 'To', 'Subject', 'Date', 'Message-ID')]\nassert not any(x.defects for x in h), [x.defects for x in h]\na = lambda x: [[y.display_name, y.addr_spec] for y in x.addresses]\nprint(json.dumps({'names': sorted(m.keys()), 'from': a(h[0]), 'to': a(h[1]), 'subject': str(h[2]), 'date': h[3].datetime.isoformat(), 'id': str(h[4]), 'text': m.get_content()}))\n";
    let out = Command::new("python3").arg("-c").arg(script).arg(file).output();
    let Ok(out) = out else {
        eprintln!("skipped: python3 is not there to read mails");
        return None;
    };
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(serde_json::from_slice(&out.stdout).expect("JSON"))
}

#[test]
fn every_message_can_be_drafted_in_both_languages() {
    let dir = company();
    let check = |args: &[&str], lang: &str, expected: &[&str]| {
        let ran = dir.run(&[&["message"], args, &["--lang", lang]].concat()).expect(0);
        for word in expected {
            assert!(ran.stdout.contains(word), "{args:?} {lang}: {word:?}: {}{}", ran.stdout, ran.stderr);
        }
        assert!(ran.stdout.starts_with("From: 李雷 <li@test.example>\nTo: "), "{}", ran.stdout);
    };
    let (en, zh) = ("en", "zh-CN");
    check(&["payment", "hx"], en, &["To: 王伟 <wang@hx.example>", "CNY 1,234.50, due 1 April 2020", "Dear 王伟,"]);
    check(&["payment", "hx"], zh, &["1,234.50 元，到期日 2020年4月1日", "王伟，您好："]);
    check(&["care", "华新电子", "--note", "Happy birthday!"], en, &["Happy birthday!"]);
    check(&["care", "hx"], zh, &["向您问好"]);
    check(&["survey", "hx", "--to", "ann"], en, &["To: Ann\n", "Dear Ann,"]);
    check(&["survey", "hx"], zh, &["满意度"]);
    check(&["complaint-acknowledged", "k_1"], en, &["gets hot\nat once", "Your complaint of 4 May 2020"]);
    check(&["complaint-acknowledged", "complaint:k_1"], zh, &["2020年5月4日"]);
    check(&["complaint-told", "k_1"], en, &["is solved"]);
    check(&["complaint-reopened", "k_1"], zh, &["重新处理"]);
    check(&["complaint-alarm", "k_1"], en, &["Late: complaint k_1 of 华新电子", "Handler: nobody"]);
    check(&["complaint-alarm", "k_1", "--to", "chen"], zh, &["To: Chen Jie", "已超时"]);
    check(&["late-complaints", "chen"], en, &["Late complaints, 30 June 2026: 1", "k_1 华新电子"]);
    check(&["late-complaints", "li"], zh, &["超时投诉：1 项"]);
    check(&["day", "li"], en, &["华新电子", "to do"]);
    check(&["day", "li"], zh, &["今日工作"]);
    // Without --lang it is the company's language, whoever reads the screen.
    let ran = dir.run_with(&["message", "survey", "hx"], &[("KEHU_LANG", "zh-CN")], "").expect(0);
    assert!(ran.stdout.contains("Dear"), "{}", ran.stdout);
    // Nothing is said where there is nothing.
    let ran = dir.run(&["message", "late-complaints", "wu"]).expect(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.contains("nothing to say")), ("", true), "{}", ran.stderr);
    let got = json(dir.run(&["message", "payment", "hx", "--json"]));
    assert_eq!(got[0]["to"], "王伟 <wang@hx.example>");
    // Only --send writes.
    assert!(!dir.path().join("ledgers/activities").exists() && !dir.path().join("ledgers/events").exists());
}

#[test]
fn what_cannot_be_written_says_what_mends_it() {
    let dir = company();
    let check = |args: &[&str], code: i32, expected: &str| {
        let ran = dir.run(&[&["message"], args].concat()).expect(code);
        assert!(ran.stderr.contains(expected), "{args:?}: {}", ran.stderr);
    };
    check(&["paymnet", "hx"], 2, "did you mean payment");
    check(&["payment", "nobody"], 4, "nobody");
    check(&["payment", "hx", "--to", "nobody"], 4, "nobody");
    check(&["day", "nobody"], 2, "nobody");
    check(&["complaint-told", "k_9"], 4, "k_9");
    check(&["survey", "hx", "--to", "ann", "--eml", "x.eml"], 4, "kehu contact set hx ann email=ADDRESS");
    check(&["day", "li", "--to", "wu", "--eml", "x.eml"], 4, "kehu team set wu email=ADDRESS");
    check(&["survey", "hx", "--eml", "x.eml", "--as", "wu"], 4, "kehu team set wu email=ADDRESS");
    check(&["late-complaints", "li", "chen", "--eml", "x.eml"], 2, "--eml");
    assert!(!dir.path().join("x.eml").exists());
}

#[test]
fn mails_are_read_by_others() {
    let dir = company();
    dir.run(&["message", "payment", "hx", "--lang", "zh-CN", "--eml", "a.eml"]).expect(0);
    let text = std::fs::read(dir.path().join("a.eml")).expect("a file");
    assert!(text.is_ascii() && !String::from_utf8_lossy(&text).replace("\r\n", "").contains('\n'));
    if let Some(mail) = parsed(&dir.path().join("a.eml")) {
        assert_eq!(mail["from"], serde_json::json!([["李雷", "li@test.example"]]));
        assert_eq!(mail["to"], serde_json::json!([["王伟", "wang@hx.example"]]));
        assert_eq!(mail["subject"], "付款提醒：1,234.50 元");
        assert_eq!(mail["date"], "2026-06-30T15:59:59+00:00");
        assert!(mail["text"].as_str().is_some_and(|t| t.contains("SO-1：1,234.50 元，到期日 2020年4月1日")), "{mail}");
    }
    // Nobody's name adds a header, whatever stands in it.
    let evil = "Wang\\nBcc: evil@evil.example\\r\\n\\r\\n<evil@evil.example>, \\\"x";
    let file = dir.read("customers/hx.toml").replacen("name = \"王伟\"", &format!("name = \"{evil}\""), 1);
    dir.write("customers/hx.toml", file);
    dir.write("templates/survey.en.txt", "Subject: {{ to.name }}\n\nDear {{ to.name }}\n");
    std::fs::create_dir(dir.path().join("out")).expect("a folder");
    dir.run(&["message", "survey", "hx", "--eml", "out"]).expect(0);
    let file = dir.path().join("out/survey-hx-wang.eml");
    if let Some(mail) = parsed(&file) {
        let names = [
            "Content-Transfer-Encoding",
            "Content-Type",
            "Date",
            "From",
            "MIME-Version",
            "Message-ID",
            "Subject",
            "To",
        ];
        assert_eq!(mail["names"], serde_json::json!(names));
        assert_eq!(mail["to"].as_array().map(Vec::len), Some(1), "{mail}");
        assert_eq!(mail["to"][0][1], "wang@hx.example");
        assert_eq!(mail["subject"], "Wang Bcc: evil@evil.example <evil@evil.example>, \"x");
    }
    // Each has an id of its own.
    let id = |name: &str| dir.read(name).lines().find(|l| l.starts_with("Message-ID: ")).map(str::to_string);
    dir.run(&["message", "payment", "hx", "--eml", "b.eml"]).expect(0);
    assert!(id("a.eml").is_some_and(|a| a.ends_with("@test.example>")) && id("a.eml") != id("b.eml"));
}

#[test]
fn what_was_sent_is_recorded_in_one_change() {
    let post = sendmail(0);
    let dir = company();
    // The complaint is open: that is a first answer.
    by(&dir, &post, &["complaint", "notify", "k_1", "--send"]).expect(0);
    let told = |dir: &Dir| -> Vec<String> {
        let events = json(dir.run(&["history", "complaint:k_1", "--json"]));
        events
            .iter()
            .filter(|e| e["event"] != "state")
            .map(|e| format!("{} {} {}", e["event"], e["to"], e["note"]).replace('"', ""))
            .collect()
    };
    assert_eq!(told(&dir), ["acknowledged email Your complaint of 4 May 2020 (k_1)"]);
    by(&dir, &post, &["message", "complaint-told", "k_1", "--send"]).expect(7);
    dir.run(&["complaint", "assign", "k_1", "--to", "li"]).expect(0);
    dir.run(&["complaint", "resolve", "k_1", "new one sent"]).expect(0);
    dir.run(&["complaint", "confirm", "k_1", "--as", "chen"]).expect(0);
    by(&dir, &post, &["message", "complaint-acknowledged", "k_1", "--send"]).expect(7);
    by(&dir, &post, &["complaint", "notify", "k_1", "--send", "--note", "sorry"]).expect(0);
    assert_eq!(told(&dir).last().map(String::as_str), Some("told email Your complaint of 4 May 2020 is solved (k_1)"));
    by(&dir, &post, &["message", "payment", "hx", "--send"]).expect(0);
    by(&dir, &post, &["message", "complaint-reopened", "k_1", "--send"]).expect(0);
    let got =
        json(dir.run(&["activity", "list", "--columns", "channel,direction,purpose,contact,complaint,note", "--json"]));
    let mut rows: Vec<String> = got.iter().map(ToString::to_string).collect();
    rows.sort();
    assert_eq!(
        rows,
        [
            r#"{"channel":"email","direction":"out","purpose":"collect","contact":"wang","complaint":null,"note":"Payment reminder: CNY 1,234.50"}"#,
            r#"{"channel":"email","direction":"out","purpose":"service","contact":"wang","complaint":"k_1","note":"Your complaint of 4 May 2020 is open again (k_1)"}"#,
        ]
    );
    let all = mails(&post);
    assert_eq!(all.len(), 4);
    assert!(all.iter().all(|m| m.contains("wang@hx.example") && !m.contains('\r')), "{all:?}");
    assert_eq!(post.read("mails/args"), "-i -t\n".repeat(4));
    dir.run(&["check"]).expect(0);
    // What goes to the team is not recorded.
    let files = dir.files();
    by(&dir, &post, &["message", "day", "li", "--send"]).expect(0);
    assert!(mails(&post).len() == 5 && dir.files() == files);
    // --dry-run sends nothing.
    let ran = by(&dir, &post, &["message", "care", "hx", "--send", "--dry-run"]).expect(0);
    assert!(ran.stdout.contains("+a_") && mails(&post).len() == 5 && dir.files() == files, "{}", ran.stdout);
}

#[test]
fn what_sendmail_does_not_take_is_not_recorded() {
    let dir = company();
    let files = dir.files();
    let check = |program: &str, code: i32, expected: &str| {
        for args in [&["message", "payment", "hx", "--send"][..], &["complaint", "notify", "k_1", "--send"]] {
            let ran = dir.run_with(args, &[("KEHU_SENDMAIL", program)], "").expect(code);
            assert!(ran.stderr.contains(expected), "{program}: {}", ran.stderr);
            assert!(dir.files() == files, "{program}: something was written");
        }
    };
    let broken = sendmail(75);
    check(broken.path().join("sendmail").to_str().expect("UTF-8"), 6, "75, queue is full");
    check("/nowhere/sendmail", 6, "/nowhere/sendmail");
    // Nothing of a data directory is executed, nor what a search finds.
    check("sendmail", 2, "KEHU_SENDMAIL");
    let own = dir.path().join("sendmail");
    dir.write("sendmail", "#!/bin/sh\ncat >/dev/null\n");
    std::fs::set_permissions(&own, std::fs::Permissions::from_mode(0o755)).expect("a mode");
    let files = dir.files();
    let ran =
        dir.run_with(&["message", "payment", "hx", "--send"], &[("KEHU_SENDMAIL", own.to_str().expect("UTF-8"))], "");
    assert!(ran.expect(2).stderr.contains("KEHU_SENDMAIL") && dir.files() == files);
    // Somebody saves the settings while the mail goes out: the change is refused, and it is said that the mail is out.
    let post = sendmail(0);
    let script = post.read("sendmail");
    let saves = format!("#!/bin/sh\necho '# saved' >>'{}'\n", dir.path().join("kehu.toml").display());
    post.write("sendmail", script.replacen("#!/bin/sh\n", &saves, 1));
    let ran = by(&dir, &post, &["message", "payment", "hx", "--send"]).expect(5);
    assert!(ran.stderr.contains("the mail to wang@hx.example is out"), "{}", ran.stderr);
    assert!(mails(&post).len() == 1 && !dir.path().join("ledgers/activities").exists());
    let post = sendmail(0);
    // Without an address nobody is asked to send anything.
    by(&dir, &post, &["message", "survey", "hx", "--to", "ann", "--send"]).expect(4);
    by(&dir, &post, &["complaint", "notify", "k_1", "--channel", "call", "--send"]).expect(2);
    by(&dir, &post, &["complaint", "notify", "k_1"]).expect(2);
    assert!(mails(&post).is_empty());
}

#[test]
fn templates_are_the_company_s_own() {
    let dir = company();
    assert!(dir.path().join("templates/payment.en.txt").exists(), "init writes them");
    dir.write("templates/survey.en.txt", "Subject: Hello {{ contact.name }}\n\n{{ company }}: {{ customer.owner }}\n");
    let ran = dir.run(&["message", "survey", "hx"]).expect(0);
    assert!(ran.stdout.ends_with("Subject: Hello 王伟\n\nTest Ltd: 李雷\n"), "{}", ran.stdout);
    // Without the file the program's own text counts.
    std::fs::remove_file(dir.path().join("templates/care.en.txt")).expect("removed");
    dir.run(&["message", "care", "hx"]).expect(0);
    dir.run(&["check"]).expect(0);
    let check = |text: &str, place: &str, what: &str| {
        dir.write("templates/survey.en.txt", text);
        for args in [&["message", "survey", "hx"][..], &["check"]] {
            let ran = dir.run(args);
            let said = format!("{}{}", ran.stdout, ran.stderr);
            assert!([1, 3].contains(&ran.code), "{args:?}: {said}");
            assert!(said.contains("E150") && said.contains(place) && said.contains(what), "{args:?}: {said}");
        }
    };
    check("Subject: x\n\n{{ to.nmae }}\n", "templates/survey.en.txt:3", "undefined");
    check("Subject: x\n{% if %}\n", "templates/survey.en.txt:2", "");
    check("Dear you\n", "templates/survey.en.txt:1", "Subject:");
    check(
        "Subject: x\n{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}\n",
        "templates/survey.en.txt:2",
        "fuel",
    );
}

#[test]
fn the_morning_script_runs_as_cron_runs_it() {
    let dir = company();
    let post = sendmail(0);
    let run = |more: &[(&str, &Path)]| {
        let mut c = command(Path::new("sh"), dir.path());
        c.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", dir.path());
        c.envs(more.iter().copied());
        let out = c.arg(repo().join("examples/morning.sh")).arg(dir.path()).output().expect("sh");
        Ran::of(out)
    };
    let (kehu, program) = (kehu_path(), post.path().join("sendmail"));
    let ran = run(&[("KEHU", &kehu), ("KEHU_SENDMAIL", &program)]).expect(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    let all = mails(&post);
    let to = |who: &str| all.iter().filter(|m| m.lines().any(|l| l.starts_with("To: ") && l.contains(who))).count();
    assert_eq!((all.len(), to("li@test.example"), to("chen@test.example")), (2, 1, 1), "{all:?}");
    // What fails is told, and cron hears of it.
    let broken = sendmail(75);
    let ran = run(&[("KEHU", &kehu), ("KEHU_SENDMAIL", &broken.path().join("sendmail"))]).expect(1);
    assert!(ran.stderr.contains("no mail to li") && ran.stderr.contains("no mail to chen"), "{}", ran.stderr);
    run(&[("KEHU_SENDMAIL", &program)]).expect(127);
}
