//! The collector as its callers meet it: the real program, real HTTP over a socket, and a real SIGKILL.

#[cfg(test)]
mod audit;
#[cfg(test)]
mod batch;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod disk;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod events;
#[cfg(test)]
mod files;
#[cfg(test)]
mod hostile;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod limits;
#[cfg(test)]
mod live;
#[cfg(test)]
mod load;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod memory;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod support;
