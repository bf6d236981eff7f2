//! A bounded cache: what was not used for longest goes first.

use std::{collections::HashMap, hash::Hash};

/// Values that are kept, whatever they cost.
const MAX_VALUES: usize = 512;

/// Values by key, up to a cost.
pub struct Cache<K, V> {
    kept: HashMap<K, Kept<V>>,
    limit: usize,
    cost: usize,
    uses: u64,
}

struct Kept<V> {
    value: V,
    cost: usize,
    used: u64,
}

impl<K: Hash + Eq + Clone, V> Cache<K, V> {
    /// An empty cache that keeps values up to this cost in all.
    pub fn new(limit: usize) -> Self {
        Self {
            kept: HashMap::new(),
            limit,
            cost: 0,
            uses: 0,
        }
    }

    /// The value, if it is kept.
    pub fn get(&mut self, key: &K) -> Option<&V> {
        self.uses += 1;
        let kept = self.kept.get_mut(key)?;
        kept.used = self.uses;
        Some(&kept.value)
    }

    /// The value, if it is kept; it is not any more.
    pub fn take(&mut self, key: &K) -> Option<V> {
        let kept = self.kept.remove(key)?;
        self.cost -= kept.cost;
        Some(kept.value)
    }

    /// Keeps a value. One that costs more than all may is not kept.
    pub fn put(&mut self, key: K, value: V, cost: usize) {
        self.take(&key);
        if cost > self.limit {
            return;
        }
        self.uses += 1;
        self.cost += cost;
        self.kept.insert(
            key,
            Kept {
                value,
                cost,
                used: self.uses,
            },
        );
        while self.cost > self.limit || self.kept.len() > MAX_VALUES {
            let oldest = self
                .kept
                .iter()
                .min_by_key(|(_, kept)| kept.used)
                .map(|(key, _)| key.clone());
            let Some(oldest) = oldest else { return };
            self.take(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let mut cache = Cache::new(10);
        cache.put("a", 1, 4);
        cache.put("b", 2, 4);
        assert_eq!(cache.get(&"a"), Some(&1));
        cache.put("c", 3, 4);
        assert_eq!(
            ["a", "b", "c"].map(|key| cache.get(&key).copied()),
            [Some(1), None, Some(3)]
        );
        cache.put("a", 9, 1);
        assert_eq!((cache.cost, cache.get(&"a")), (5, Some(&9)));
        cache.put("huge", 7, 11);
        assert_eq!((cache.cost, cache.get(&"huge")), (5, None));
        assert_eq!((cache.take(&"c"), cache.cost), (Some(3), 1));
    }

    #[test]
    fn there_is_a_limit_to_values_that_cost_nothing() {
        let mut cache = Cache::new(10);
        (0..2000).for_each(|key| cache.put(key, (), 0));
        assert_eq!(cache.kept.len(), MAX_VALUES);
        assert!(cache.get(&1999).is_some() && cache.get(&0).is_none());
    }
}
