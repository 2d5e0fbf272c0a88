namespace GrainKube.Controllers.ServiceEndpoints;

/// <summary>A port of a container that a service may name as its target.</summary>
/// <param name="Name">Never empty.</param>
/// <param name="Protocol"><c>TCP</c>, <c>UDP</c> or <c>SCTP</c>.</param>
/// <param name="Number">The container port.</param>
internal readonly record struct NamedPort(string Name, string Protocol, int Number);
