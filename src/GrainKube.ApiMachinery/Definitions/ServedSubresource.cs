namespace GrainKube.ApiMachinery.Definitions;

/// <summary>A subresource that the API server answers with code of its own, as discovery lists it.</summary>
/// <param name="Name">The last part of the path.</param>
/// <param name="Kind">Kind named in discovery, for example <c>PodExecOptions</c>.</param>
/// <param name="Verbs">For example <c>create</c> and <c>get</c>.</param>
/// <param name="Group">Group of <paramref name="Kind"/> where it differs from the parent's (<c>authentication.k8s.io</c> for TokenRequest).</param>
/// <param name="Version">Version of <paramref name="Kind"/> where it differs.</param>
public sealed record ServedSubresource(string Name, string Kind, IReadOnlyList<string> Verbs, string? Group = null, string? Version = null);
