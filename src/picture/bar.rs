//! A bar beside a number: how much of a whole, or of the largest, it is.

use crate::text::Decimal;

/// What each of several parts is of a whole, in percent; of their sum when that is larger or there is no whole.
///
/// `None` when they cannot be compared: signs differ, or there is only one. Values must be in one unit. Shares are
/// rounded to the nearest, and what is not nothing is at least 1.
pub fn shares_of_whole(parts: &[&Decimal], whole: Option<&Decimal>) -> Option<Vec<u32>> {
    let all: Vec<&Decimal> = parts.iter().copied().chain(whole).collect();
    let sizes = sizes(&all)?;
    let (own, rest) = sizes.split_at_checked(parts.len())?;
    let sum = own.iter().try_fold(0_u128, |sum, it| sum.checked_add(*it))?;
    shares(own, rest.first().copied().unwrap_or(0).max(sum))
}

/// What each of several numbers is of the largest, in percent, under the same conditions.
pub fn shares_of_largest(values: &[&Decimal]) -> Option<Vec<u32>> {
    let sizes = sizes(values)?;
    shares(&sizes, sizes.iter().copied().max()?)
}

/// A bar of so many percent. The number beside it says the same, so assistive technology is spared it.
pub fn bar(share: u32) -> String {
    let share = share.min(100);
    format!(
        "<svg class=\"pic-bar\" aria-hidden=\"true\" width=\"100\" height=\"6\" viewBox=\"0 0 100 6\" \
         preserveAspectRatio=\"none\" fill=\"currentColor\"><rect class=\"pic-ground\" fill-opacity=\".15\" \
         width=\"100\" height=\"6\"/><rect class=\"pic-shape\" width=\"{share}\" height=\"6\"/></svg>"
    )
}

/// Numbers without their sign, counted in the smallest unit of all; `None` when signs differ or one is too large.
fn sizes(values: &[&Decimal]) -> Option<Vec<u128>> {
    let exponent = values.iter().map(|it| it.last_digit()).min()?;
    let units: Vec<i128> = values.iter().map(|it| it.in_units_of(exponent)).collect::<Option<_>>()?;
    let is_mixed = units.iter().any(|it| *it < 0) && units.iter().any(|it| *it > 0);
    if is_mixed { None } else { Some(units.into_iter().map(i128::unsigned_abs).collect()) }
}

fn shares(sizes: &[u128], whole: u128) -> Option<Vec<u32>> {
    if sizes.len() < 2 || whole == 0 {
        return None;
    }
    let share = |size: &u128| {
        let percent = size.checked_mul(200)?.checked_add(whole)? / whole.checked_mul(2)?;
        Some(u32::try_from(percent).ok()?.max(u32::from(*size > 0)))
    };
    sizes.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(texts: &[&str]) -> Vec<Decimal> {
        texts.iter().map(|it| Decimal::parse(it).unwrap()).collect()
    }

    fn of_whole(parts: &[&str], whole: Option<&str>) -> Option<Vec<u32>> {
        let whole = whole.map(|it| Decimal::parse(it).unwrap());
        shares_of_whole(&numbers(parts).iter().collect::<Vec<_>>(), whole.as_ref())
    }

    #[test]
    fn parts_are_shares_of_the_whole_or_of_their_sum() {
        assert_eq!(of_whole(&["2", "2"], Some("4")), Some(vec![50, 50]));
        assert_eq!(of_whole(&["1.5 billion", "500 million"], None), Some(vec![75, 25]));
        assert_eq!(of_whole(&["30", "20"], Some("100")), Some(vec![30, 20]), "the rest is not told");
        assert_eq!(of_whole(&["30", "20"], Some("40")), Some(vec![60, 40]), "parts overlap or are rounded");
        assert_eq!(of_whole(&["-3", "-1"], Some("-4")), Some(vec![75, 25]));
        assert_eq!(of_whole(&["1", "999"], None), Some(vec![1, 100]), "what is not nothing can be seen");
    }

    #[test]
    fn what_cannot_be_compared_has_no_bars() {
        assert_eq!(of_whole(&["3", "-1"], None), None);
        assert_eq!(of_whole(&["3"], Some("3")), None);
        assert_eq!(of_whole(&["0", "0"], None), None);
        assert_eq!(of_whole(&["99999999999999999999999999999999999999999", "1"], None), None);
    }

    #[test]
    fn a_series_is_measured_by_its_largest() {
        let values = numbers(&["200", "50", "100"]);
        assert_eq!(shares_of_largest(&values.iter().collect::<Vec<_>>()), Some(vec![100, 25, 50]));
    }
}
