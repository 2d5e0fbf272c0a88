using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Authorization;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Requests;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Tests.Authorization;

/// <summary>RBAC filled from short texts, and questions to it.</summary>
internal sealed class Access
{
    public RbacIndex Index { get; } = new();

    public AccessQuestion Question => new([new MastersAuthorizer(), new RbacAuthorizer(Index)]);

    public static UserInfo User(string name, params string[] groups) => new() { Name = name, Groups = groups };

    /// <summary>Lets a user do something: a role and a binding, in a namespace or (empty) everywhere.</summary>
    public Access Let(string user, string ns, string verbs, string group, string resources, string names = "")
    {
        var name = $"r{Guid.NewGuid():N}";
        var rule = new PolicyRule { Verbs = verbs.Split(','), ApiGroups = [group], Resources = resources.Split(','), ResourceNames = names.Length == 0 ? [] : names.Split(',') };
        Put(RoleReference.ClusterRoles, "", name, new JsonObject { ["rules"] = new JsonArray(rule.ToJson()) });
        return Put(ns.Length == 0 ? RoleReference.ClusterRoleBindings : RoleReference.RoleBindings, ns, name, new JsonObject
        {
            ["roleRef"] = new JsonObject { ["kind"] = "ClusterRole", ["name"] = name },
            ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "User", ["name"] = user }),
        });
    }

    public Access Put(GroupResource resource, string ns, string name, JsonObject item)
    {
        var header = new ObjectHeader { ApiVersion = "", Kind = "", Name = name, Namespace = ns, Uid = "", Revision = 1 };
        Index.Put(new KubeObject(new ObjectKey(resource.Group, resource.Resource, ns, name), header, Encoding.UTF8.GetBytes(item.ToJsonString())));
        return this;
    }

    public static async Task<JsonObject> PostAsync(IUnstoredResource resource, string body, UserInfo? user = null, string ns = "", string name = "")
    {
        var info = new RequestInfo { IsResourceRequest = true, Verb = "create", Path = "/", Namespace = ns, Name = name };
        var answer = await resource.CreateAsync(new UnstoredRequest(user ?? User("admin"), info, JsonNode.Parse(body)!.AsObject(), false), CancellationToken.None);
        Xunit.Assert.Equal(201, answer.Code);
        return answer.Body;
    }
}
