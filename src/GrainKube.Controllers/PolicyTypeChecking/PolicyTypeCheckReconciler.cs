using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Statuses;
using k8s.Models;

namespace GrainKube.Controllers.PolicyTypeChecking;

/// <summary>Writes into a policy's status what is wrong with the types in its expressions; the policy works all the same.</summary>
internal sealed class PolicyTypeCheckReconciler(ResourceRegistry registry) : Reconciler<V1ValidatingAdmissionPolicy>
{
    public override string Name => "validatingadmissionpolicy-status";

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1ValidatingAdmissionPolicy policy, ReconcileContext context, CancellationToken cancel)
    {
        if (item.Header.DeletionTimestamp is not null || (policy.Status?.TypeChecking is not null && policy.Status.ObservedGeneration == item.Header.Generation))
        {
            return Outcome.Done;
        }

        var warnings = PolicyTypeCheck.Warnings(item.ToNode()["spec"] as JsonObject ?? [], registry);
        var checking = new JsonObject { ["expressionWarnings"] = warnings.Count > 0 ? warnings : null };
        await StatusPatch.WriteAsync(item, new JsonObject { ["observedGeneration"] = item.Header.Generation, ["typeChecking"] = checking }, context, cancel, ifUnchanged: true);
        return Outcome.Done;
    }
}
