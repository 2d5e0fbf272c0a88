using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;

namespace GrainKube.ApiServer.Admission.Priorities;

/// <summary>Turns a pod's <c>priorityClassName</c> into its priority and preemption policy; nobody sets those numbers himself.</summary>
internal sealed class PodPriority(IObjectReader objects) : IMutatingAdmission
{
    public string Name => "Priority";

    public bool Handles(AdmissionRequest request) =>
        request.Is("", "pods") && request.Subresource.Length == 0 && (request.Operation is AdmissionOperation.Create or AdmissionOperation.Update);

    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Object?["spec"] is not JsonObject spec)
        {
            return;
        }

        if (request.Operation == AdmissionOperation.Update)
        {
            KeepFrom(request.Current?["spec"], spec, "priority");
            KeepFrom(request.Current?["spec"], spec, "preemptionPolicy");
            return;
        }

        var chosen = await ChooseAsync(request, spec, cancel);
        if ((int?)spec["priority"] is { } given && given != chosen.Value)
        {
            throw request.Forbidden(
                $"the integer value of priority ({given}) must not be provided in pod spec; priority admission controller computed {chosen.Value} from the given PriorityClass name");
        }

        if ((string?)spec["preemptionPolicy"] is { } policy && policy != chosen.PreemptionPolicy)
        {
            throw request.Forbidden(
                $"the string value of PreemptionPolicy ({policy}) must not be provided in pod spec; priority admission controller computed {chosen.PreemptionPolicy} from the given PriorityClass name");
        }

        spec["priority"] = chosen.Value;
        spec["preemptionPolicy"] = chosen.PreemptionPolicy;
    }

    private async ValueTask<PriorityClassView> ChooseAsync(AdmissionRequest request, JsonObject spec, CancellationToken cancel)
    {
        if ((string?)spec["priorityClassName"] is { Length: > 0 } name)
        {
            return await objects.FindAsync(CoreKeys.PriorityClass(name), cancel) is { } found
                ? PriorityClassView.Of(found)
                : throw request.Forbidden($"no PriorityClass with name {name} was found");
        }

        if (PriorityClassView.Default(objects) is not { } preset)
        {
            return PriorityClassView.None;
        }

        spec["priorityClassName"] = preset.Name;
        return preset;
    }

    private static void KeepFrom(JsonNode? current, JsonObject next, string field)
    {
        if (next[field] is null && current?[field] is { } value)
        {
            next[field] = value.DeepClone();
        }
    }
}
