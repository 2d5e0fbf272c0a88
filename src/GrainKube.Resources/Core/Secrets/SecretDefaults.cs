using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.Secrets;

/// <summary>The default type, and <c>stringData</c>, which is only a way to write <c>data</c> and never stored.</summary>
internal sealed class SecretDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        item.DefaultTo("type", "Opaque");
        foreach (var (key, value) in item.Object("stringData") ?? [])
        {
            item.Ensure("data")[key] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(value?.GetValue<string>() ?? ""));
        }

        item.Remove("stringData");
    }
}
