namespace GrainKube.Reconciliation.CustomResources;

/// <summary>What else the definition of a custom resource says about its names. Without it: in namespaces, no short name, no category.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CustomResourceNamesAttribute : Attribute
{
    /// <summary>As in <c>kubectl get po</c>.</summary>
    public string[] ShortNames { get; init; } = [];

    /// <summary>As in <c>kubectl get all</c>.</summary>
    public string[] Categories { get; init; } = [];

    /// <summary>Its objects are in no namespace.</summary>
    public bool IsClusterScoped { get; init; }
}
