using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;

namespace GrainKube.Controllers.ServiceAccounts;

/// <summary>Creates what every namespace is to have.</summary>
internal static class NamespaceObject
{
    /// <summary>Creates the object; that it is there already, or that its namespace is going, is no error.</summary>
    public static async Task EnsureAsync(JsonObject item, ReconcileContext context, CancellationToken cancel)
    {
        try
        {
            await context.Objects.CreateAsync(item, cancel);
        }
        catch (ApiException refused) when (refused.Status.Reason is "AlreadyExists" or "NotFound" || refused.Status.Causes.Any(c => c.Reason == "NamespaceTerminating"))
        {
        }
    }
}
