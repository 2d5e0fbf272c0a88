namespace GrainKube.ApiMachinery.Errors;

/// <summary>One entry of <c>status.details.causes</c>.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.StatusCause")]
public sealed record StatusCause([property: Id(0)] string Reason, [property: Id(1)] string Message, [property: Id(2)] string Field);
