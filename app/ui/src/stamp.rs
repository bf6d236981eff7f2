//! Times in file names, in UTC: `20261122-143005`. They sort like the time.

use anyon_model::Timestamp;

const DAY_S: i64 = 86_400;

/// The time as it stands in a file name.
pub fn stamp(time: Timestamp) -> String {
    let seconds = time.as_ms().div_euclid(1000);
    let (year, month, day) = date_of(seconds.div_euclid(DAY_S));
    let rest = seconds.rem_euclid(DAY_S);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}{month:02}{day:02}-{hour:02}{minute:02}{second:02}")
}

/// The time that a file name tells, wherever in it; `None`: it tells none.
pub fn time_of(name: &str) -> Option<Timestamp> {
    let parts: Vec<&str> = name
        .split(|char: char| !char.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let (date, time) = parts
        .windows(2)
        .map(|pair| (pair[0], pair[1]))
        .find(|(date, time)| date.len() == 8 && time.len() == 6)?;
    let number = |text: &str| text.parse::<i64>().ok();
    let days = days_of(number(&date[..4])?, number(&date[4..6])?, number(&date[6..])?);
    let seconds = number(&time[..2])? * 3600 + number(&time[2..4])? * 60 + number(&time[4..])?;
    Some(Timestamp::from_ms((days * DAY_S + seconds) * 1000))
}

/// Year, month and day of a day counted from 1970 on; the calendar repeats every 146,097 days.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    // Years begin in March here, so that the day that is there or not is the last one.
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_comes_back_from_its_name() {
        let known = [
            (0, "19700101-000000"),
            (1_700_000_000_000, "20231114-221320"),
            (1_709_164_800_000, "20240229-000000"),
            (4_102_444_799_000, "20991231-235959"),
        ];
        for (ms, name) in known {
            assert_eq!(stamp(Timestamp::from_ms(ms)), name);
            let file = format!("anyon-{name}.redb");
            assert_eq!(time_of(&file), Some(Timestamp::from_ms(ms)));
        }
        assert_eq!(time_of("anyon.redb"), None);
    }
}
