namespace GrainKube.Resources.Schemas;

/// <summary>Upstream's documentation of types and fields, for OpenAPI and <c>kubectl explain</c>.</summary>
public static class SchemaDocs
{
    /// <summary>The text for a definition such as <c>io.k8s.api.core.v1.PodSpec</c>, or for one of its fields; null where there is none.</summary>
    public static string? For(string definitionName, string? field = null) => null;
}
