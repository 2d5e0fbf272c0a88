namespace GrainKube.ApiServer.OpenApi;

/// <summary>The two forms in which schemas are published.</summary>
internal enum Dialect
{
    /// <summary>Swagger 2.0, one document for everything.</summary>
    V2,

    /// <summary>OpenAPI 3.0, a document for each group and version.</summary>
    V3,
}
