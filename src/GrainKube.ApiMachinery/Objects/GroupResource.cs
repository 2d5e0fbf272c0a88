namespace GrainKube.ApiMachinery.Objects;

/// <summary>A kind's group and lower-case plural: the identity of a kind in the store, in RBAC and in error texts.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.GroupResource")]
public readonly record struct GroupResource([property: Id(0)] string Group, [property: Id(1)] string Resource)
{
    /// <summary>The prefix of all keys of this kind in the store, ending in a slash.</summary>
    public string StorePrefix => Group.Length == 0 ? $"/registry/{Resource}/" : $"/registry/{Group}/{Resource}/";

    /// <summary><c>pods</c> or <c>deployments.apps</c>, as upstream prints it in messages.</summary>
    public override string ToString() => Group.Length == 0 ? Resource : $"{Resource}.{Group}";
}
