namespace GrainKube.ApiMachinery.ManagedFields;

/// <summary>Who owns fields: one entry of <c>metadata.managedFields</c> without what it owns.</summary>
/// <param name="Name">As the request gave it, or the start of its user agent.</param>
/// <param name="Applies">By server-side apply; otherwise by creates, updates and patches.</param>
/// <param name="ApiVersion">Version in which the fields are meant.</param>
/// <param name="Subresource">Empty for the object itself.</param>
public sealed record FieldManager(string Name, bool Applies, string ApiVersion, string Subresource)
{
    private const string BeforeFirstApply = "before-first-apply";

    /// <summary>Owns what was there of an object that nobody was recorded for.</summary>
    internal static FieldManager Unknown(string apiVersion) => new(BeforeFirstApply, false, apiVersion, "");

    /// <summary>As conflicts name it.</summary>
    internal string Show()
    {
        var text = $"\"{Name}\"" + (Subresource.Length > 0 ? $" with subresource \"{Subresource}\"" : "");
        return Applies ? text : $"{text} using {ApiVersion}";
    }
}
