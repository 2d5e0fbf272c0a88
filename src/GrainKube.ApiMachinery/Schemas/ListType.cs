namespace GrainKube.ApiMachinery.Schemas;

/// <summary><c>x-kubernetes-list-type</c>: how the elements of a list are owned and merged by server-side apply.</summary>
public enum ListType
{
    /// <summary>Not said; upstream treats it as atomic.</summary>
    Unspecified,
    Atomic,
    Set,
    Map,
}
