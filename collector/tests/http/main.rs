//! The collector as its callers meet it: the real program, real HTTP over a socket, and a real SIGKILL.

#[cfg(test)]
mod audit;
#[cfg(test)]
mod batch;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod events;
#[cfg(test)]
mod files;
#[cfg(test)]
mod live;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod support;
