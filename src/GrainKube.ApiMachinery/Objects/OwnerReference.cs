namespace GrainKube.ApiMachinery.Objects;

/// <summary>The part of <c>metadata.ownerReferences[]</c> that indexes and the garbage collector need.</summary>
public sealed record OwnerReference(string ApiVersion, string Kind, string Name, string Uid, bool Controller, bool BlockOwnerDeletion);
