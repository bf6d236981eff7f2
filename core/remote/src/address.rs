//! Where the socket of a data folder is.

use interprocess::local_socket::{GenericFilePath, Name, ToFsName};
#[cfg(unix)]
use std::fs;
use std::{
    io,
    path::{Path, PathBuf},
};
use xxhash_rust::xxh3::xxh3_64;

/// `sun_path` holds 104 bytes on macOS and 108 on Linux, with the zero at its end.
#[cfg(unix)]
const LONGEST: usize = 100;

/// The place of a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(PathBuf);

impl Address {
    /// The socket of a data folder: `anyon/<hash>.sock` in the person's runtime folder, else a file in the data folder
    /// itself, else, where that path is too long for a socket, one in the folder for temporary files.
    #[cfg(unix)]
    pub fn of(data_folder: &Path, runtime_folder: Option<&Path>) -> Self {
        let name = format!("{:016x}.sock", hash(data_folder));
        if let Some(folder) = runtime_folder.filter(|folder| folder.is_absolute()) {
            let path = folder.join("anyon").join(&name);
            if path.as_os_str().len() <= LONGEST {
                return Self(path);
            }
        }
        let path = data_folder.join("socket").join("host.sock");
        if path.as_os_str().len() <= LONGEST {
            return Self(path);
        }
        let person = rustix::process::getuid().as_raw();
        Self(PathBuf::from(format!("/tmp/anyon-{person}")).join(name))
    }

    /// The named pipe of a data folder.
    #[cfg(windows)]
    pub fn of(data_folder: &Path, _runtime_folder: Option<&Path>) -> Self {
        Self(PathBuf::from(format!(
            r"\\.\pipe\anyon-{:016x}",
            hash(data_folder)
        )))
    }

    /// A place that the host told of.
    pub fn told(path: PathBuf) -> Self {
        Self(path)
    }

    /// The path of the socket.
    pub fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn name(&self) -> io::Result<Name<'_>> {
        self.0.as_path().to_fs_name::<GenericFilePath>()
    }
}

fn hash(folder: &Path) -> u64 {
    xxh3_64(folder.as_os_str().as_encoded_bytes())
}

/// Makes the folder of a socket, and makes sure that it is this person's and nobody else may enter it.
#[cfg(unix)]
pub fn prepare_folder(address: &Address) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt};
    let Some(folder) = address.path().parent() else {
        return Err(io::Error::other("the socket has no folder"));
    };
    match fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let found = fs::symlink_metadata(folder)?;
    let is_ours = found.is_dir() && found.uid() == rustix::process::getuid().as_raw();
    if !is_ours || found.mode() & 0o077 != 0 {
        let message = format!("{} is not a folder of yours alone", folder.display());
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, message));
    }
    Ok(())
}

/// Named pipes have no folder.
#[cfg(windows)]
pub fn prepare_folder(_address: &Address) -> io::Result<()> {
    Ok(())
}
