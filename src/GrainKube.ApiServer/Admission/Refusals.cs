using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Admission;

internal static class Refusals
{
    /// <summary>A plugin's 403, named as upstream names it.</summary>
    public static ApiException Forbidden(this AdmissionRequest request, string message, params IReadOnlyList<StatusCause> causes)
    {
        var refusal = ApiException.Forbidden(
            request.Key.GroupResource, NameOf(request.Key, request.Object, request.Operation == AdmissionOperation.Create && request.Subresource.Length == 0), message);
        return causes.Count == 0 ? refusal : new ApiException(refusal.Status with { Causes = causes });
    }

    /// <summary>
    /// A name that the server drew is not shown, its beginning is: upstream has not drawn it yet at this point, and events about repeated refusals are only counted together where their text is equal.
    /// </summary>
    public static string NameOf(ObjectKey key, JsonObject? item, bool creates)
    {
        const int drawn = 5;
        return creates
            && (string?)item?["metadata"]?["generateName"] is { Length: > 0 } prefix
            && key.Name.Length == prefix.Length + drawn
            && key.Name.StartsWith(prefix, StringComparison.Ordinal)
                ? prefix
                : key.Name;
    }
}
