using System.Text.Json;

namespace GrainKube.Objects.GrainStorage;

/// <summary>Options of the grain storage on the store.</summary>
public sealed class ObjectStoreGrainStorageOptions
{
    /// <summary>How states are written. Default: System.Text.Json's defaults for the web.</summary>
    public JsonSerializerOptions Json { get; set; } = JsonSerializerOptions.Web;
}
