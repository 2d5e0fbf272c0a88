using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Admission;

internal static class Refusals
{
    /// <summary>A plugin's 403, named as upstream names it.</summary>
    public static ApiException Forbidden(this AdmissionRequest request, string message, params IReadOnlyList<StatusCause> causes)
    {
        var refusal = ApiException.Forbidden(new GroupResource(request.Key.Group, request.Key.Resource), NameOf(request), message);
        return causes.Count == 0 ? refusal : new ApiException(refusal.Status with { Causes = causes });
    }

    /// <summary>
    /// A name that the server drew is not shown, its beginning is: upstream has not drawn it yet at this point, and events about repeated refusals are only counted together where their text is equal.
    /// </summary>
    private static string NameOf(AdmissionRequest request)
    {
        const int drawn = 5;
        var name = request.Key.Name;
        return request.Operation == AdmissionOperation.Create
            && request.Subresource.Length == 0
            && (string?)request.Object?["metadata"]?["generateName"] is { Length: > 0 } prefix
            && name.Length == prefix.Length + drawn
            && name.StartsWith(prefix, StringComparison.Ordinal)
                ? prefix
                : name;
    }
}
