using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>A page of a list.</summary>
/// <param name="Items">The objects.</param>
/// <param name="Revision">The state of which revision this is.</param>
/// <param name="Continue">Token of the next page; empty at the end.</param>
/// <param name="Remaining">How many follow; null where there is no next page or it would have to be guessed.</param>
internal sealed record ListPage(IReadOnlyList<KubeObject> Items, long Revision, string Continue, long? Remaining);
