//! Which step a free worker takes next. Steps of one image spread over all workers, several images are in flight, the
//! longest step goes first, and memory is promised before it is used.
//!
//! Every image that is decoded holds a *reservation* large enough for its pixels, its prepared references and any one
//! of its steps (its *lane*), so each open image can always go on and nothing can deadlock. Further steps of the same
//! image run beside the lane when what is left of the budget holds them.

use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What a step needs before it may start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Claim {
    /// Bytes until the step ends; the image itself holds nothing yet.
    Brief(u64),
    /// The image's reservation in bytes, until the image is closed.
    Reserve(u64),
    /// Bytes until the step ends: in the image's lane, or beside it.
    Working(u64),
}

/// A step that may be taken.
#[derive(Debug)]
pub(super) struct Task<S> {
    /// Index of the image.
    pub(super) image: usize,
    /// What to do.
    pub(super) step: S,
    /// Expected duration; the longest goes first.
    pub(super) cost: f64,
    /// Memory.
    pub(super) claim: Claim,
}

/// A step that was taken: to be given back with [`Queue::finish`].
#[derive(Debug)]
pub(super) struct Ticket<S> {
    /// Index of the image.
    pub(super) image: usize,
    /// What to do.
    pub(super) step: S,
    held: Held,
}

#[derive(Debug, Clone, Copy)]
enum Held {
    Reservation,
    Lane,
    Beside(u64),
}

/// What a finished step leads to.
pub(super) enum After<S> {
    /// The image goes on with these.
    Next(Vec<Task<S>>),
    /// The image is done: its reservation is free.
    Closed,
}

/// The queue all workers share.
pub(super) struct Queue<S> {
    state: Mutex<State<S>>,
    wake: Condvar,
}

struct State<S> {
    /// Images not begun, largest first.
    unopened: VecDeque<Task<S>>,
    /// Steps that may be taken, longest first.
    ready: Vec<Task<S>>,
    /// Reservation and whether the lane is busy, by image.
    lanes: HashMap<usize, (u64, LaneState)>,
    /// Images begun and not closed.
    open: usize,
    /// Images open at a time.
    most_open: usize,
    running: usize,
    committed: u64,
    budget: u64,
    stopped: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LaneState {
    Free,
    Busy,
}

impl<S> Queue<S> {
    /// A queue over the first steps of all images, in the order they are to be opened, for `jobs` workers and `budget`
    /// bytes.
    pub(super) fn new(first: Vec<Task<S>>, jobs: usize, budget: u64) -> Self {
        let state = State {
            unopened: first.into(),
            ready: Vec::new(),
            lanes: HashMap::new(),
            open: 0,
            // One more than workers: while each works at the tail of an image, the next is being decoded.
            most_open: jobs + 1,
            running: 0,
            committed: 0,
            budget,
            stopped: false,
        };
        Self { state: Mutex::new(state), wake: Condvar::new() }
    }

    /// Waits for a step; `None` when all are done or the queue was stopped.
    pub(super) fn take(&self) -> Option<Ticket<S>> {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return None;
            }
            if let Some(ticket) = state.pick() {
                state.running += 1;
                return Some(ticket);
            }
            if state.running == 0 {
                // Nothing runs and nothing may start: by the lane rule nothing is left either.
                debug_assert!(state.ready.is_empty() && state.unopened.is_empty());
                return None;
            }
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Gives back what `ticket` held and takes in what comes after it.
    pub(super) fn finish(&self, ticket: &Ticket<S>, after: After<S>) {
        let mut state = self.lock();
        state.running -= 1;
        match ticket.held {
            Held::Beside(bytes) => state.committed -= bytes,
            Held::Lane => state.set_lane(ticket.image, LaneState::Free),
            Held::Reservation => {}
        }
        match after {
            After::Next(tasks) => tasks.into_iter().for_each(|task| state.insert(task)),
            After::Closed => {
                let reserved = state.lanes.remove(&ticket.image).map_or(0, |(bytes, _)| bytes);
                state.committed -= reserved;
                state.open -= 1;
            }
        }
        drop(state);
        self.wake.notify_all();
    }

    /// No further step is given out.
    pub(super) fn stop(&self) {
        self.lock().stopped = true;
        self.wake.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> State<S> {
    fn insert(&mut self, task: Task<S>) {
        // A decode unlocks a whole image, so it goes before any work of images that are unlocked.
        let key = |t: &Task<S>| if matches!(t.claim, Claim::Reserve(_)) { f64::INFINITY } else { t.cost };
        let at = self.ready.partition_point(|other| key(other) >= key(&task));
        self.ready.insert(at, task);
    }

    fn pick(&mut self) -> Option<Ticket<S>> {
        let decode_waits = self.ready.iter().any(|t| matches!(t.claim, Claim::Reserve(_)));
        if self.open < self.most_open && !decode_waits {
            let held = self.unopened.front().and_then(|task| self.admit(task));
            if let Some(held) = held
                && let Some(task) = self.unopened.pop_front()
            {
                self.open += 1;
                return Some(self.hand_out(task, held));
            }
        }
        let (at, held) = self.ready.iter().enumerate().find_map(|(at, task)| Some((at, self.admit(task)?)))?;
        let task = self.ready.remove(at);
        Some(self.hand_out(task, held))
    }

    /// How `task` would be held if it started now; `None` when it has to wait.
    fn admit(&self, task: &Task<S>) -> Option<Held> {
        let fits = |bytes: u64| self.committed + bytes <= self.budget;
        match task.claim {
            Claim::Reserve(bytes) => (fits(bytes) || self.committed == 0).then_some(Held::Reservation),
            Claim::Brief(bytes) => (fits(bytes) || self.committed == 0).then_some(Held::Beside(bytes)),
            Claim::Working(bytes) => match self.lanes.get(&task.image) {
                Some((_, LaneState::Free)) => Some(Held::Lane),
                _ => fits(bytes).then_some(Held::Beside(bytes)),
            },
        }
    }

    fn hand_out(&mut self, task: Task<S>, held: Held) -> Ticket<S> {
        match (held, task.claim) {
            (Held::Reservation, Claim::Reserve(bytes)) => {
                self.committed += bytes;
                self.lanes.insert(task.image, (bytes, LaneState::Free));
            }
            (Held::Beside(bytes), _) => self.committed += bytes,
            _ => self.set_lane(task.image, LaneState::Busy),
        }
        Ticket { image: task.image, step: task.step, held }
    }

    fn set_lane(&mut self, image: usize, state: LaneState) {
        if let Some((_, lane)) = self.lanes.get_mut(&image) {
            *lane = state;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn task(image: usize, step: &'static str, cost: f64, claim: Claim) -> Task<&'static str> {
        Task { image, step, cost, claim }
    }

    #[test]
    fn the_longest_ready_step_goes_first() {
        let queue = Queue::new(vec![task(0, "open", 0.0, Claim::Brief(0))], 1, 100);
        let open = queue.take().unwrap();
        let steps = [("short", 1.0), ("long", 9.0), ("middle", 5.0)];
        queue.finish(&open, After::Next(steps.map(|(s, c)| task(0, s, c, Claim::Working(1))).into()));
        let order: Vec<_> = std::iter::from_fn(|| {
            let ticket = queue.take()?;
            queue.finish(&ticket, After::Next(Vec::new()));
            Some(ticket.step)
        });
        assert_eq!(order.collect::<Vec<_>>(), ["long", "middle", "short"]);
    }

    #[test]
    fn a_decode_waits_until_its_memory_is_free_while_the_open_image_goes_on() {
        let first = (0..2).map(|i| task(i, "open", 0.0, Claim::Brief(0))).collect();
        let queue = Queue::new(first, 2, 100);
        let (a, b) = (queue.take().unwrap(), queue.take().unwrap());
        queue.finish(&a, After::Next(vec![task(0, "decode a", 0.0, Claim::Reserve(80))]));
        queue.finish(&b, After::Next(vec![task(1, "decode b", 0.0, Claim::Reserve(80))]));
        let decode_a = queue.take().unwrap();
        assert_eq!(decode_a.step, "decode a");
        queue.finish(&decode_a, After::Next(vec![
            task(0, "encode", 2.0, Claim::Working(30)),
            task(0, "beside", 1.0, Claim::Working(15)),
        ]));
        // The lane takes the first, what is left of the budget the second; b has to wait for a to close.
        let (encode, beside) = (queue.take().unwrap(), queue.take().unwrap());
        assert_eq!((encode.step, beside.step), ("encode", "beside"));
        queue.finish(&beside, After::Next(Vec::new()));
        queue.finish(&encode, After::Closed);
        assert_eq!(queue.take().map(|t| t.step), Some("decode b"));
    }

    #[test]
    fn a_stopped_queue_gives_nothing() {
        let queue = Queue::new(vec![task(0, "open", 0.0, Claim::Brief(0))], 1, 100);
        queue.stop();
        assert!(queue.take().is_none());
    }

    proptest! {
        /// Any mix of images over any budget finishes, does every step once and never promises more than the budget,
        /// but for a single image that is alone too large.
        #[test]
        fn everything_is_done_once_within_the_budget(
            images in prop::collection::vec((1_u64..120, prop::collection::vec(1_u64..60, 1..5)), 1..12),
            jobs in 1_usize..5,
        ) {
            let budget = 100;
            let first = (0..images.len()).map(|i| Task { image: i, step: 0, cost: 0.0, claim: Claim::Brief(1) }).collect();
            let queue = Queue::new(first, jobs, budget);
            let mut left: Vec<usize> = images.iter().map(|(_, steps)| steps.len()).collect();
            let mut running: Vec<Ticket<usize>> = Vec::new();
            let mut done = 0;
            loop {
                while running.len() < jobs {
                    let idle = running.is_empty();
                    let mut state = queue.lock();
                    let Some(ticket) = state.pick() else {
                        prop_assert!(!idle || (state.ready.is_empty() && state.unopened.is_empty()), "deadlock");
                        break;
                    };
                    state.running += 1;
                    let alone = state.lanes.len() <= 1;
                    prop_assert!(state.committed <= budget || alone, "{} promised", state.committed);
                    drop(state);
                    running.push(ticket);
                }
                if running.is_empty() {
                    break;
                }
                let ticket = running.remove(done % running.len());
                done += 1;
                let (reserve, steps) = &images[ticket.image];
                let after = match ticket.step {
                    0 => After::Next(vec![Task { image: ticket.image, step: 1, cost: 0.0, claim: Claim::Reserve(*reserve) }]),
                    1 => After::Next(steps.iter().map(|&s| Task {
                        image: ticket.image, step: 2, cost: s as f64, claim: Claim::Working(s),
                    }).collect()),
                    _ => {
                        left[ticket.image] -= 1;
                        if left[ticket.image] == 0 { After::Closed } else { After::Next(Vec::new()) }
                    }
                };
                queue.finish(&ticket, after);
            }
            prop_assert!(left.iter().all(|&n| n == 0));
            prop_assert_eq!(queue.lock().committed, 0);
        }
    }
}
