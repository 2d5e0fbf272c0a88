using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Errors;

namespace GrainKube.Objects.Tests.World;

/// <summary>Edits widgets that ask for it by their size, and refuses those of the forbidden size.</summary>
internal sealed class RecordingAdmission : IMutatingAdmission, IValidatingAdmission
{
    public string Name => "Recording";

    public bool Handles(AdmissionRequest request) => request.Object?["spec"]?["size"] is not null;

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if ((string?)request.Object!["spec"]!["size"] == "medium")
        {
            request.Object["spec"]!["size"] = "M";
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel) =>
        (string?)request.Object!["spec"]!["size"] == "forbidden"
            ? throw ApiException.Forbidden(request.Key.GroupResource, request.Key.Name, "no such size")
            : ValueTask.CompletedTask;
}
