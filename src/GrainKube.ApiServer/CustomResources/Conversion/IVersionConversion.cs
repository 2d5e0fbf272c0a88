using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.CustomResources.Conversion;

/// <summary>Turns objects of one version of a custom resource into another.</summary>
internal interface IVersionConversion
{
    /// <summary>Edits in place.</summary>
    /// <exception cref="ApiMachinery.Errors.ApiException">500: it cannot be converted.</exception>
    void Convert(JsonObject item, string apiVersion);
}
