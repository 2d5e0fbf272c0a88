using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.CustomResources.Conversion;

/// <summary>Turns objects of one version of a custom resource into another.</summary>
internal interface IVersionConversion
{
    /// <summary>Edits in place.</summary>
    /// <param name="items">Of any versions; a list's all at once.</param>
    /// <param name="apiVersion">What they are to be.</param>
    /// <exception cref="ApiMachinery.Errors.ApiException">500: one of them cannot be converted.</exception>
    void Convert(IReadOnlyList<JsonObject> items, string apiVersion);
}
