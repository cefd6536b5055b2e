//! R14: what speaks for two customers being one, as data. Who judges is `rules::duplicates`; the words are in `i18n`.

/// A new customer that is so like another one is refused.
pub const REFUSED: u32 = 90;
/// One that is so like another one is added with a warning.
pub const WARNED: u32 = 50;

/// What speaks for two customers being one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sign {
    /// The same tax id.
    TaxId,
    /// The same phone number, also of contacts.
    Phone,
    /// The same mail address, also of contacts.
    Mail,
    /// The same domain of a website or of mail addresses, unless everybody may have an address there.
    Domain,
    /// The same name or alias, without what companies' names have in common.
    Name,
    /// Nearly the same name.
    SimilarName,
    /// The same city.
    City,
}

impl Sign {
    /// Machine key.
    pub fn key(self) -> &'static str {
        match self {
            Sign::TaxId => "tax_id",
            Sign::Phone => "phone",
            Sign::Mail => "email",
            Sign::Domain => "domain",
            Sign::Name => "name",
            Sign::SimilarName => "similar_name",
            Sign::City => "city",
        }
    }

    /// What it counts.
    pub fn points(self) -> u32 {
        match self {
            Sign::TaxId => 100,
            Sign::Phone | Sign::Mail => 60,
            Sign::Name => 50,
            Sign::SimilarName => 35,
            Sign::Domain => 30,
            Sign::City => 5,
        }
    }
}

/// A sign and the value that shows it, in the form in which equal ones are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What it is.
    pub sign: Sign,
    /// The value; of similar names both, with `~` between them.
    pub value: String,
}

/// How like two customers are: each sign counts once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Likeness {
    /// The strongest sign first.
    pub evidence: Vec<Evidence>,
}

impl Likeness {
    /// The sum of its signs.
    pub fn score(&self) -> u32 {
        self.evidence.iter().map(|e| e.sign.points()).sum()
    }
}

/// The signs as one fact of a finding: `phone=13800138000|name=acme`.
pub fn signs(likeness: &Likeness) -> String {
    let all = likeness.evidence.iter().map(|e| format!("{}={}", e.sign.key(), e.value.replace('|', " ")));
    all.collect::<Vec<_>>().join("|")
}

/// A customer that another one is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Who follows it; empty = nobody.
    pub owner: String,
    /// Why.
    pub likeness: Likeness,
}
