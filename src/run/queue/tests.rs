use super::*;
use proptest::prelude::*;

fn task(image: usize, step: &'static str, cost: f64, claim: Claim) -> Task<&'static str> {
    Task {
        image,
        step,
        cost,
        claim,
    }
}

#[test]
fn the_longest_ready_step_goes_first() {
    let queue = Queue::new(vec![task(0, "open", 0.0, Claim::Brief(0))], 1, 100);
    let open = queue.take().unwrap();
    let steps = [("short", 1.0), ("long", 9.0), ("middle", 5.0)];
    queue.finish(
        &open,
        After::Next(steps.map(|(s, c)| task(0, s, c, Claim::Working(1))).into()),
    );
    let order = std::iter::from_fn(|| {
        let ticket = queue.take()?;
        queue.finish(&ticket, After::Next(Vec::new()));
        Some(ticket.step)
    });
    assert_eq!(order.collect::<Vec<_>>(), ["long", "middle", "short"]);
}

#[test]
fn a_decode_waits_until_its_memory_is_free_while_the_open_image_goes_on() {
    let first = (0..2)
        .map(|i| task(i, "open", 0.0, Claim::Brief(0)))
        .collect();
    let queue = Queue::new(first, 2, 100);
    let (a, b) = (queue.take().unwrap(), queue.take().unwrap());
    queue.finish(
        &a,
        After::Next(vec![task(0, "decode a", 0.0, Claim::Reserve(80))]),
    );
    queue.finish(
        &b,
        After::Next(vec![task(1, "decode b", 0.0, Claim::Reserve(80))]),
    );
    let decode_a = queue.take().unwrap();
    assert_eq!(decode_a.step, "decode a");
    queue.finish(
        &decode_a,
        After::Next(vec![
            task(0, "encode", 2.0, Claim::Working(30)),
            task(0, "beside", 1.0, Claim::Working(15)),
        ]),
    );
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
