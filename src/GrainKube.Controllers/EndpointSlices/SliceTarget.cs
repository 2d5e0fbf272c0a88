namespace GrainKube.Controllers.EndpointSlices;

/// <summary>The object behind an endpoint.</summary>
internal sealed record SliceTarget(string Kind, string Namespace, string Name, string Uid);
