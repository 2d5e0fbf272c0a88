using GrainKube.ApiMachinery.Identity;

namespace GrainKube.ApiMachinery.Definitions;

/// <summary>What hooks of a kind may know of the write that is under way.</summary>
/// <param name="User">Who writes.</param>
/// <param name="Subresource">Empty for the object itself.</param>
/// <param name="Now">The time of this write, cut to whole seconds.</param>
/// <param name="DryRun">Nothing will be stored.</param>
public sealed record WriteScope(UserInfo User, string Subresource, DateTimeOffset Now, bool DryRun)
{
    /// <summary>Warnings for the client, sent as <c>Warning</c> headers; hooks may add to them.</summary>
    public IList<string> Warnings { get; } = [];
}
