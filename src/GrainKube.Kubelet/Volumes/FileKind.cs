namespace GrainKube.Kubelet.Volumes;

/// <summary>What a path is, links followed.</summary>
internal enum FileKind
{
    Absent,
    Directory,
    File,
    Socket,
    CharacterDevice,
    BlockDevice,
    Other,
}
