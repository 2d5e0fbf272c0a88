namespace GrainKube.Kubelet.Volumes;

/// <summary>A file of a volume that is made from objects.</summary>
/// <param name="Path">Relative, with slashes; never leaves the volume.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="Owner">The user it belongs to; null for the kubelet's.</param>
internal sealed record VolumeFile(string Path, byte[] Content, UnixFileMode Mode, long? Owner = null);
