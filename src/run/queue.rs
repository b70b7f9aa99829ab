//! Which step a free worker takes next. Steps of one image spread over all workers, several images are in flight, the
//! longest step goes first, and memory is promised before it is used.
//!
//! Every image that is decoded holds a *reservation* large enough for its pixels, its prepared references and any one
//! of its steps (its *lane*), so each open image can always go on and nothing can deadlock. Further steps of the same
//! image run beside the lane when what is left of the budget holds them.

use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Images begun ahead, beside four a worker: enough that many small files are begun in time.
const AHEAD: usize = 8;

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

impl<S> Task<S> {
    fn is_decode(&self) -> bool {
        matches!(self.claim, Claim::Reserve(_))
    }
}

/// A step that was taken: to be given back with [`Queue::finish`].
#[derive(Debug)]
pub(super) struct Ticket<S> {
    /// Index of the image.
    pub(super) image: usize,
    /// What to do.
    pub(super) step: S,
    /// How long it was expected to take.
    pub(super) cost: f64,
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
    /// Images that have a reservation at a time.
    most_reserved: usize,
    /// Images that are begun ahead of that, so that those which take longest are decoded first.
    most_ahead: usize,
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
            most_reserved: jobs + 1,
            most_ahead: AHEAD + 4 * jobs,
            running: 0,
            committed: 0,
            budget,
            stopped: false,
        };
        Self {
            state: Mutex::new(state),
            wake: Condvar::new(),
        }
    }

    /// Waits for a step; `None` when all are done or the queue was stopped.
    pub(super) fn take(&self) -> Option<Ticket<S>> {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return None;
            }
            if let Some(ticket) = state.pick() {
                return Some(ticket);
            }
            if state.running == 0 {
                // Nothing runs and nothing may start: by the lane rule nothing is left either.
                debug_assert!(state.ready.is_empty() && state.unopened.is_empty());
                return None;
            }
            state = self
                .wake
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Gives back what `ticket` held and takes in what comes after it.
    pub(super) fn finish(&self, ticket: &Ticket<S>, after: After<S>) {
        self.lock().finish(ticket, after);
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
        let key = |t: &Task<S>| (t.is_decode(), t.cost);
        let at = self.ready.partition_point(|other| key(other) >= key(&task));
        self.ready.insert(at, task);
    }

    fn pick(&mut self) -> Option<Ticket<S>> {
        if self.open - self.lanes.len() < self.most_ahead {
            let held = self.unopened.front().and_then(|task| self.admit(task));
            if let Some(held) = held
                && let Some(task) = self.unopened.pop_front()
            {
                self.open += 1;
                return Some(self.hand_out(task, held));
            }
        }
        // A decode that waits for memory is not overtaken by another: smaller ones could keep it waiting to the end.
        let may_begin = |(at, task): &(usize, &Task<S>)| {
            !task.is_decode() || (*at == 0 && self.lanes.len() < self.most_reserved)
        };
        let ready = self.ready.iter().enumerate().filter(may_begin);
        let mut admitted = ready.filter_map(|(at, task)| Some((at, self.admit(task)?)));
        let (at, held) = admitted.next()?;
        let task = self.ready.remove(at);
        Some(self.hand_out(task, held))
    }

    /// How `task` would be held if it started now; `None` when it has to wait.
    fn admit(&self, task: &Task<S>) -> Option<Held> {
        let fits = |bytes: u64| self.committed + bytes <= self.budget;
        match task.claim {
            Claim::Reserve(bytes) => {
                (fits(bytes) || self.committed == 0).then_some(Held::Reservation)
            }
            Claim::Brief(bytes) => {
                (fits(bytes) || self.committed == 0).then_some(Held::Beside(bytes))
            }
            Claim::Working(bytes) => match self.lanes.get(&task.image) {
                Some((_, LaneState::Free)) => Some(Held::Lane),
                _ => fits(bytes).then_some(Held::Beside(bytes)),
            },
        }
    }

    fn hand_out(&mut self, task: Task<S>, held: Held) -> Ticket<S> {
        self.running += 1;
        match (held, task.claim) {
            (Held::Reservation, Claim::Reserve(bytes)) => {
                self.committed += bytes;
                self.lanes.insert(task.image, (bytes, LaneState::Free));
            }
            (Held::Beside(bytes), _) => self.committed += bytes,
            _ => self.set_lane(task.image, LaneState::Busy),
        }
        Ticket {
            image: task.image,
            step: task.step,
            cost: task.cost,
            held,
        }
    }

    fn finish(&mut self, ticket: &Ticket<S>, after: After<S>) {
        self.running -= 1;
        match ticket.held {
            Held::Beside(bytes) => self.committed -= bytes,
            Held::Lane => self.set_lane(ticket.image, LaneState::Free),
            Held::Reservation => {}
        }
        match after {
            After::Next(tasks) => tasks.into_iter().for_each(|task| self.insert(task)),
            After::Closed => {
                let reserved = self.lanes.remove(&ticket.image);
                self.committed -= reserved.map_or(0, |(bytes, _)| bytes);
                self.open -= 1;
            }
        }
    }

    fn set_lane(&mut self, image: usize, state: LaneState) {
        if let Some((_, lane)) = self.lanes.get_mut(&image) {
            *lane = state;
        }
    }
}

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
