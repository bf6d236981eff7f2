//! redb tables, log segments, migrations and backups.
