namespace GrainKube.Objects.Nodes;

/// <summary>The channels of <c>channel.k8s.io</c>; the numbers are those on the wire.</summary>
public enum StreamChannel : byte
{
    Stdin = 0,
    Stdout = 1,
    Stderr = 2,
    Error = 3,
    Resize = 4,
}
