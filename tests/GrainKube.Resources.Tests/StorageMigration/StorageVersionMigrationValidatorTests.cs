using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.StorageMigration;

public sealed class StorageVersionMigrationValidatorTests
{
    private const string Resource = "storageversionmigrations.storagemigration.k8s.io";

    [Fact]
    public void A_migration_names_a_resource_and_keeps_to_it()
    {
        Assert.Equal(["spec.resource.resource: Required value: resource is required"], Written.Create(Resource, Migration("")).Errors);
        var made = Written.Create(Resource, Migration("foos")).Item;
        Assert.Equal(["spec.resource.resource: Invalid value: \"bars\": field is immutable"], Written.Update(Resource, made, next => next["spec"]!["resource"]!["resource"] = "bars").Errors);
        Assert.Empty(Written.Update(Resource, made, next => next["metadata"]!["labels"] = new JsonObject { ["a"] = "b" }).Errors);
    }

    [Fact]
    public void What_has_come_to_an_end_stays_so()
    {
        var made = Written.Create(Resource, Migration("foos")).Item;
        var ended = Written.Update(Resource, made, next => next["status"] = Status("12", "Succeeded"), "status");
        Assert.Empty(ended.Errors);
        Assert.Equal(2, Written.Update(Resource, ended.Item, next => next["status"] = Status("13", "Running"), "status").Errors.Length);
        Assert.Single(Written.Update(Resource, made, next => next["status"] = Status("12", "Succeeded", "Failed"), "status").Errors);
        Assert.Single(Written.Update(Resource, made, next => next["status"] = Status("x", "Running"), "status").Errors);
    }

    private static string Migration(string resource) =>
        $$$"""{"apiVersion":"storagemigration.k8s.io/v1","kind":"StorageVersionMigration","metadata":{"name":"m"},"spec":{"resource":{"group":"","resource":"{{{resource}}}"} } }""";

    private static JsonObject Status(string revision, params string[] conditions) => new()
    {
        ["resourceVersion"] = revision,
        ["conditions"] = new JsonArray([.. conditions.Select(type => new JsonObject
        {
            ["type"] = type, ["status"] = "True", ["reason"] = "Because", ["message"] = "", ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
        })]),
    };
}
