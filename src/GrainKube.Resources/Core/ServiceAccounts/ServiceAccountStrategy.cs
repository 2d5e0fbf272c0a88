using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.ServiceAccounts;

/// <summary>The secrets of an account are those of its namespace: of a reference nothing but the name is kept.</summary>
internal sealed class ServiceAccountStrategy : IStrategy
{
    public void PrepareForCreate(JsonObject item, WriteScope scope) => OnlyNames(item);

    public void PrepareForUpdate(JsonObject next, JsonObject current, WriteScope scope) => OnlyNames(next);

    private static void OnlyNames(JsonObject account)
    {
        foreach (var secret in account.Objects("secrets"))
        {
            foreach (var other in secret.Select(m => m.Key).Where(n => n != "name").ToList())
            {
                secret.Remove(other);
            }
        }
    }
}
