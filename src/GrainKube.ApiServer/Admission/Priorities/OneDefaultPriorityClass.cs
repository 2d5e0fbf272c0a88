using GrainKube.ApiMachinery.Admission;

namespace GrainKube.ApiServer.Admission.Priorities;

/// <summary>Only one PriorityClass may be the default.</summary>
internal sealed class OneDefaultPriorityClass(IObjectReader objects) : IValidatingAdmission
{
    public string Name => "Priority";

    public bool Handles(AdmissionRequest request) =>
        request.Is(CoreKeys.PriorityClasses.Group, CoreKeys.PriorityClasses.Resource)
        && (request.Operation is AdmissionOperation.Create or AdmissionOperation.Update)
        && (bool?)request.Object?["globalDefault"] == true;

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel) =>
        PriorityClassView.Default(objects) is { } preset && preset.Name != request.Key.Name
            ? throw request.Forbidden($"PriorityClass {preset.Name} is already marked as default. Only one default can exist")
            : ValueTask.CompletedTask;
}
