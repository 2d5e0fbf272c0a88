namespace GrainKube.ApiMachinery.Schemas;

/// <summary>What a body is expected to be.</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Version">For example <c>v1</c>.</param>
/// <param name="Kind">For example <c>Pod</c>.</param>
public sealed record DecodeTarget(string Group, string Version, string Kind)
{
    /// <summary><c>v1</c> or <c>apps/v1</c>.</summary>
    public string ApiVersion { get; } = Group.Length == 0 ? Version : $"{Group}/{Version}";
}
