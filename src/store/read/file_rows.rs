//! The rows of one file of a ledger, and where they go: which ledgers have typed rows, of which type, and which field
//! of the book holds them. A ledger without typed rows is read plain.

use super::ledger::{plain, typed};
use super::table::{How, segment};
use crate::diag::Diagnostic;
use crate::model::Str;
use crate::model::book::{Book, Reads};
use crate::model::columns::Segment;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::order::{OrderLine, QuoteLine};
use crate::model::place::Typed;
use crate::model::product::ProductVersion;
use crate::model::receipt::{Claim, Payable, Payment, Rate, Receipt, Refund};
use crate::model::row::{Activity, Event, Need, PlainRow, Task};
use crate::model::settings::Settings;
use memchr::memmem::Finder;

/// A file of a ledger: which ledger, its path, its number.
#[derive(Clone, Copy)]
pub(crate) struct LedgerFile {
    pub(crate) ledger: Ledger,
    pub(crate) file: Str,
    pub(crate) number: u32,
}

macro_rules! rows {
    (by column { $($columns:ident: $handle:ty,)* } one by one { $($list:ident: $row:ty,)* }) => {
        /// The ledgers whose rows are held by column.
        pub(crate) const BY_COLUMN: LedgerSet = LedgerSet::of(&[$(<$handle as Typed>::LEDGER,)*]);

        /// The ledgers that have typed rows; a command that asks for others typed asks for nothing.
        pub const TYPED: LedgerSet =
            LedgerSet::of(&[$(<$handle as Typed>::LEDGER,)* $(<$row as Typed>::LEDGER,)*]);

        /// The rows of one file.
        #[derive(Default)]
        pub(crate) struct FileRows {
            pub(crate) columns: Option<Segment>,
            $($list: Vec<$row>,)*
            plain: Option<(Ledger, Vec<PlainRow>)>,
        }

        impl FileRows {
            /// Reads typed rows that are held one by one.
            fn read_typed(
                &mut self,
                at: LedgerFile,
                src: Str,
                settings: &Settings,
                about: Option<&[Finder<'_>]>,
                diags: &mut Vec<Diagnostic>,
            ) {
                $(if at.ledger == <$row as Typed>::LEDGER {
                    self.$list = typed(src, at.file, at.number, settings.tz, about, diags);
                })*
            }

            /// Puts the rows into a book, behind those of other files.
            pub(crate) fn add_to(self, book: &mut Book) {
                let mut columns = self.columns;
                let ledger = columns.as_ref().map(|s| s.ledger);
                $(if ledger == Some(<$handle as Typed>::LEDGER) && let Some(segment) = columns.take() {
                    book.$columns.push(segment);
                })*
                $(put(&mut book.$list, self.$list);)*
                if let Some((ledger, rows)) = self.plain {
                    book.plain.entry(ledger).or_default().extend(rows);
                }
            }
        }

        /// Everything in a book that may have events of its own.
        pub(crate) fn subjects(book: &Book) -> Vec<String> {
            let mut ids: Vec<String> = Vec::new();
            $(if !<$handle as Typed>::LEDGER.events().is_empty() {
                ids.extend(book.$columns.iter().map(|r| r.id().to_string()));
            })*
            $(if !<$row as Typed>::LEDGER.events().is_empty() {
                ids.extend(book.$list.iter().map(|r| Typed::id(r).to_string()));
            })*
            for (ledger, rows) in &book.plain {
                if let Some(id) = ledger.column("id").filter(|_| !ledger.events().is_empty()) {
                    ids.extend(rows.iter().map(|r| r.cell(id).to_string()));
                }
            }
            ids.retain(|id| !id.is_empty());
            ids.sort_unstable();
            ids.dedup();
            ids
        }
    };
}

rows! {
    by column {
        activities: Activity,
        events: Event,
        orders: OrderLine,
        receipts: Receipt,
    }
    one by one {
        tasks: Task,
        quotes: QuoteLine,
        products: ProductVersion,
        claims: Claim,
        payables: Payable,
        payments: Payment,
        refunds: Refund,
        rates: Rate,
        needs: Need,
    }
}

impl FileRows {
    /// Reads rows that are held by column: nothing is kept of the text.
    pub(crate) fn read_columns(at: LedgerFile, src: &str, how: How<'_>, diags: &mut Vec<Diagnostic>) -> FileRows {
        FileRows::by_column(segment(at.ledger, src, at.file, at.number, how, diags))
    }

    /// Rows that are held by column.
    pub(crate) fn by_column(columns: Segment) -> FileRows {
        FileRows { columns: Some(columns), ..FileRows::default() }
    }

    /// Reads rows as they are asked for, typed, plain or both.
    pub(crate) fn read(
        at: LedgerFile,
        src: Str,
        settings: &Settings,
        reads: Reads,
        about: Option<&[Finder<'_>]>,
        diags: &mut Vec<Diagnostic>,
    ) -> FileRows {
        let mut rows = FileRows::default();
        if reads.ledgers.has(at.ledger) {
            // The plain reading judges every cell: what the typed one finds would be said twice.
            let mut said = Vec::new();
            let diags = if reads.plain.has(at.ledger) { &mut said } else { &mut *diags };
            if BY_COLUMN.has(at.ledger) {
                let how = How { tz: settings.tz, about, notes: !reads.lean, offsets: false };
                rows = FileRows::read_columns(at, src, how, diags);
            } else {
                rows.read_typed(at, src, settings, about, diags);
            }
        }
        if reads.plain.has(at.ledger) {
            rows.plain = Some((at.ledger, plain(at.ledger, src, at.file, at.number, settings, diags)));
        }
        rows
    }
}

/// Puts rows behind others; the first ones stay where they are.
fn put<T>(all: &mut Vec<T>, mut more: Vec<T>) {
    if all.is_empty() {
        *all = more;
    } else {
        all.append(&mut more);
    }
}
