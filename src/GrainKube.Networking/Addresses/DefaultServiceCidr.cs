using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Client;
using GrainKube.Objects.Writes;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace GrainKube.Networking.Addresses;

/// <summary>The ServiceCIDR <c>kubernetes</c>, without which no service gets an address.</summary>
internal sealed class DefaultServiceCidr(IOptions<ServiceAddressOptions> options, TimeProvider time)
{
    private static readonly ObjectKey Key = new(ServiceRanges.Cidrs.Group, ServiceRanges.Cidrs.Resource, "", ServiceRanges.DefaultName);

    /// <summary>Makes it where it is missing, and says that it is ready. Several silos may do so at once; its range is never changed.</summary>
    public async Task EnsureAsync(ObjectClient objects, CancellationToken cancel)
    {
        try
        {
            var item = objects.Get(Key) ?? await objects.CreateAsync(
                new JsonObject
                {
                    ["apiVersion"] = "networking.k8s.io/v1",
                    ["kind"] = "ServiceCIDR",
                    ["metadata"] = new JsonObject { ["name"] = ServiceRanges.DefaultName, ["finalizers"] = new JsonArray(ServiceCidrReconciler.Finalizer) },
                    ["spec"] = new JsonObject { ["cidrs"] = new JsonArray(options.Value.ServiceCidr) },
                },
                cancel);
            if (item.Header.DeletionTimestamp is null && item.As<V1ServiceCIDR>().Status?.Conditions?.Any(c => c.Type == "Ready") != true)
            {
                var ready = ServiceCidrReconciler.Ready("True", "", "Kubernetes default Service CIDR is ready", time.GetUtcNow());
                await objects.PatchAsync(
                    Key, new JsonObject { ["status"] = new JsonObject { ["conditions"] = new JsonArray(ready) } }, "status", new Preconditions(item.Header.Uid, item.Revision), cancel);
            }
        }
        catch (ApiException first) when (first.Status.Code is 404 or 409)
        {
            await objects.Cache.WaitUntilCurrentAsync(cancel); // another silo was first
        }
    }
}
