//! `check --policy`: who did what without the right, by rows and by commits; the hook and the recipe of examples/.

use super::support::{Dir, kehu_path, repo, run_git, start};
use std::path::Path;

fn git(dir: &Path, args: &[&str]) -> String {
    let out = run_git(dir, args);
    assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// A clone of the company in which commits are by a member.
fn be(dir: &Dir, who: &str) {
    git(dir.path(), &["config", "user.email", &format!("{who}@example.com")]);
    git(dir.path(), &["config", "user.name", who]);
}

fn commit(dir: &Dir, what: &str) {
    git(dir.path(), &["add", "-A"]);
    git(dir.path(), &["commit", "-q", "-m", what]);
}

/// The company of li, wu (reps) and chen (manager) in a repository.
fn repository() -> Dir {
    let dir = start::make("new");
    let people = [("li", "rep"), ("wu", "rep"), ("chen", "manager")];
    let team: Vec<String> = people
        .iter()
        .map(|(id, role)| format!("[{id}]\nname = \"{id}\"\nemail = [\"{id}@example.com\"]\nrole = \"{role}\"\n"))
        .collect();
    dir.write("team.toml", team.join("\n"));
    git(dir.path(), &["init", "-q", "-b", "main"]);
    be(&dir, "chen");
    for (id, owner) in [("acme", "li"), ("beta", "wu")] {
        dir.run(&["customer", "add", id, "--id", id, &format!("owner={owner}"), "created=2026-01-01", "--as", "chen"])
            .expect(0);
    }
    dir.run(&["log", "acme", "called", "--at", "2026-06-01", "--as", "li"]).expect(0);
    commit(&dir, "base");
    dir
}

/// The codes that `check --policy` finds since a revision.
fn codes(dir: &Dir, since: &str, who: &str) -> Vec<String> {
    let ran = dir.run(&["check", "--policy", "--changed-since", since, "--json", "--as", who]);
    let list: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let list = list.as_array().expect("a list");
    let code = |d: &serde_json::Value| d["code"].as_str().expect("a code").to_string();
    let all: Vec<String> = list.iter().map(code).collect();
    assert_eq!(ran.code, i32::from(!all.is_empty()), "{}", ran.stdout);
    all
}

/// What somebody does, and what is found of it: committed, and before that.
fn check(who: &str, deed: &dyn Fn(&Dir), expected: &[&str]) {
    let dir = repository();
    be(&dir, who);
    deed(&dir);
    assert_eq!(codes(&dir, "HEAD", who), expected, "{who}, not committed");
    commit(&dir, "work");
    // Who asks makes no difference then.
    assert_eq!(codes(&dir, "HEAD~1", "chen"), expected, "{who}, committed");
    assert_eq!(codes(&dir, "HEAD~1..HEAD", "wu"), expected, "{who}, as a range");
    assert_eq!(codes(&dir, "HEAD", "chen"), [""; 0], "nothing since");
}

fn replace(dir: &Dir, file: &str, from: &str, to: &str) {
    let text = dir.read(file);
    assert!(text.contains(from), "{file}: {from}");
    dir.write(file, text.replacen(from, to, 1));
}

#[test]
fn what_is_done_within_the_rights_is_no_finding() {
    check("li", &|dir| drop(dir.run(&["log", "acme", "called", "--as", "li"]).expect(0)), &[]);
    check("li", &|dir| drop(dir.run(&["assign", "acme", "--to", "wu", "--as", "li"]).expect(0)), &[]);
    // A first order moves a lead two stages up, whatever the table says.
    let order = ["order", "add", "acme", "--line", "amount=100", "--id", "SO-1", "--as", "li"];
    check("li", &|dir| drop(dir.run(&order).expect(0)), &[]);
    check("chen", &|dir| drop(dir.run(&["assign", "beta", "--to", "li", "--as", "chen"]).expect(0)), &[]);
    check("chen", &|dir| replace(dir, "ledgers/activities/2026-li.csv", "called", "rang"), &[]);
    check("chen", &|dir| replace(dir, "kehu.toml", "claim_per_day = 10", "claim_per_day = 9"), &[]);
}

#[test]
fn what_is_done_without_the_right_is_found() {
    let event = |by: &str, what: &str| {
        let (head, by) = ("id,at,kind,subject,event,from,to,by,note", by.to_string());
        let line = format!("e_9,2026-06-29T10:00:00+08:00,customer,{what},{by},because");
        move |dir: &Dir| dir.write("ledgers/events/2026-x.csv", format!("{head}\n{line}\n"))
    };
    let steal = event("li", "beta,owner,wu,li");
    let stolen = |dir: &Dir| {
        steal(dir);
        replace(dir, "customers/b/beta.toml", "owner = \"wu\"", "owner = \"li\"");
    };
    check("li", &stolen, &["E130"]);
    let grade = event("li", "acme,grade,A,B");
    let graded = |dir: &Dir| {
        let first = "e_8,2026-06-28T10:00:00+08:00,customer,acme,grade,,A,chen,";
        grade(dir);
        let text = dir.read("ledgers/events/2026-x.csv");
        dir.write("ledgers/events/2026-x.csv", format!("{text}{first}\n"));
        replace(dir, "customers/a/acme.toml", "grade = \"\"", "grade = \"B\"");
    };
    // The first grade was written in the name of the manager.
    check("li", &graded, &["E131", "E136"]);
    let jump = event("li", "acme,stage,lead,repeat");
    let jumped = |dir: &Dir| {
        jump(dir);
        replace(dir, "customers/a/acme.toml", "stage = \"lead\"", "stage = \"repeat\"");
    };
    check("li", &jumped, &["E132"]);
    check("wu", &|dir| replace(dir, "ledgers/activities/2026-li.csv", "called", "rang"), &["E135"]);
    check("li", &|dir| dir.write("ledgers/activities/2026-li.csv", "id,at,customer,by,channel\n"), &["E135"]);
    check("li", &|dir| replace(dir, "team.toml", "role = \"rep\"", "role = \"admin\""), &[]);
}

#[test]
fn rights_are_those_of_the_team_as_it_stands() {
    // Whoever makes itself an admin by hand is one; that the file was changed is found by who changed it before.
    let dir = repository();
    be(&dir, "wu");
    replace(&dir, "kehu.toml", "claim_per_day = 10", "claim_per_day = 99");
    assert_eq!(codes(&dir, "HEAD", "wu"), ["E137"]);
}

#[test]
fn discounts_beyond_the_limit_are_found_unless_allowed() {
    let dir = repository();
    replace(&dir, "kehu.toml", "[grades.D]", "[grades.Z]\ndiscount_max = 0.05\n\n[grades.D]");
    replace(&dir, "customers/a/acme.toml", "grade = \"\"", "grade = \"Z\"");
    dir.write(
        "ledgers/orders/2026-li.csv",
        "id,line,at,customer,quantity,price,discount,due,by\no_1,1,2026-06-10,acme,1,100,0.20,2026-07-10,li\n",
    );
    let found = |dir: &Dir| {
        let out = dir.run(&["check", "--policy", "--json"]).stdout;
        let list: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        list.as_array().expect("a list").iter().any(|d| d["code"] == "E133")
    };
    assert!(found(&dir));
    assert!(!dir.run(&["check", "--json"]).stdout.contains("E133"), "only where it is asked for");
    dir.write(
        "ledgers/requests/2026-li.csv",
        "id,at,kind,subject,amount,by\nw_1,2026-06-10,discount,order:o_1,0.2,li\n",
    );
    assert!(found(&dir), "asked, not allowed");
    dir.write(
        "ledgers/events/2026-chen2.csv",
        "id,at,kind,subject,event,from,to,by\ne_9,2026-06-11T10:00:00+08:00,request,w_1,approval,,approved,chen\n",
    );
    assert!(!found(&dir));
}

/// The server of a team: a bare repository with the hook, into which clones push.
#[cfg(unix)]
#[test]
fn the_hook_takes_good_pushes_and_no_others() {
    use std::os::unix::fs::PermissionsExt;
    let around = Dir::empty();
    let base = repository();
    let server = around.path().join("sales.git");
    let bare = server.to_string_lossy().into_owned();
    git(base.path(), &["clone", "-q", "--bare", ".", &bare]);
    let hook = server.join("hooks/pre-receive");
    std::fs::copy(repo().join("examples/git-hooks/pre-receive"), &hook).expect("the hook");
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).expect("a mode");
    let bin = around.path().join("bin");
    std::fs::create_dir(&bin).expect("a folder");
    std::os::unix::fs::symlink(kehu_path(), bin.join("kehu")).expect("a link");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let clone = |who: &str| {
        let dir = Dir::below(&around, who);
        git(around.path(), &["clone", "-q", &bare, who]);
        be(&dir, who);
        dir
    };
    let push = |dir: &Dir, to: &str| {
        let mut c = super::support::command(Path::new("git"), dir.path());
        c.args(["push", "-q", "origin", &format!("HEAD:{to}")]).env("PATH", &path).env("KEHU_LANG", "en");
        let out = c.output().expect("git runs");
        (out.status.success(), String::from_utf8_lossy(&out.stderr).into_owned())
    };
    let li = clone("li");
    li.run(&["log", "acme", "called", "--as", "li"]).expect(0);
    commit(&li, "a call");
    let (taken, said) = push(&li, "main");
    assert!(taken, "{said}");
    let wu = clone("wu");
    replace(&wu, "customers/a/acme.toml", "owner = \"li\"", "owner = \"wu\"");
    wu.write(
        "ledgers/events/2026-wu.csv",
        "id,at,kind,subject,event,from,to,by\ne_9,2026-06-30T10:00:00+08:00,customer,acme,owner,li,wu,wu\n",
    );
    commit(&wu, "mine");
    for to in ["main", "mine"] {
        let (taken, said) = push(&wu, to);
        assert!(!taken && said.contains("E130") && said.contains("is not taken"), "{said}");
    }
    assert_eq!(git(&server, &["branch", "--format=%(refname:short)"]), "main\n");
    // The recipe for merge requests says the same.
    let recipe = repo().join("examples/ci/policy.sh");
    let mut c = super::support::command(Path::new("sh"), wu.path());
    c.arg(&recipe).arg("origin/main").env("PATH", &path);
    let out = c.output().expect("sh runs");
    assert_eq!(out.status.code(), Some(1), "{}", String::from_utf8_lossy(&out.stderr));
    git(wu.path(), &["reset", "-q", "--hard", "origin/main"]);
    wu.run(&["log", "beta", "met", "--channel", "visit", "--as", "wu"]).expect(0);
    commit(&wu, "a visit");
    let (taken, said) = push(&wu, "main");
    assert!(taken, "{said}");
}
