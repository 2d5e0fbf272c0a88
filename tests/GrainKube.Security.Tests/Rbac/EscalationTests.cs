using CsCheck;
using GrainKube.Security.Rbac;
using Xunit;
using static GrainKube.Security.Tests.Rbac.RbacWorld;

namespace GrainKube.Security.Tests.Rbac;

public sealed class EscalationTests
{
    private static readonly Gen<PolicyRule> Rules = Gen.Select(
        Gen.OneOf("get", "list", "*").Array[1, 2], Gen.OneOf("", "apps", "*").Array[1, 2], Gen.OneOf("pods", "pods/log", "*/log", "*").Array[1, 2], Gen.OneOf("a", "b").Array[0, 2],
        (verbs, groups, resources, names) => new PolicyRule { Verbs = verbs, ApiGroups = groups, Resources = resources, ResourceNames = names });

    [Fact]
    public void What_is_not_held_is_listed_as_upstream_lists_it()
    {
        var world = new RbacWorld()
            .Role("", "some", new PolicyRule { Verbs = ["get"], ApiGroups = [""], Resources = ["pods"] })
            .Bind("web", "some", "ClusterRole", "some", ("User", "", "bob"));

        var message = Escalation.Check(world.Index, User("bob", "g1", "system:authenticated"), "web",
        [
            new PolicyRule { ApiGroups = [""], Resources = ["nodes", "pods"], Verbs = ["get", "list"] },
            new PolicyRule { ApiGroups = ["apps"], Resources = ["foos"], ResourceNames = ["a", "b"], Verbs = ["*"] },
            new PolicyRule { NonResourceUrls = ["*"], Verbs = ["*"] },
        ]);

        Assert.Equal(
            """
            user "bob" (groups=["g1" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:
            {APIGroups:[""], Resources:["nodes"], Verbs:["get" "list"]}
            {APIGroups:[""], Resources:["pods"], Verbs:["list"]}
            {APIGroups:["apps"], Resources:["foos"], ResourceNames:["a"], Verbs:["*"]}
            {APIGroups:["apps"], Resources:["foos"], ResourceNames:["b"], Verbs:["*"]}
            {NonResourceURLs:["*"], Verbs:["*"]}
            """.ReplaceLineEndings("\n"),
            message);
    }

    [Fact]
    public void Roles_that_do_not_exist_are_mentioned()
    {
        var world = new RbacWorld().Bind("web", "x", "Role", "gone", ("User", "", "bob"));
        var message = Escalation.Check(world.Index, User("bob"), "web", [new PolicyRule { ApiGroups = [""], Resources = ["pods"], Verbs = ["get"] }]);
        Assert.EndsWith("; resolution errors: [role.rbac.authorization.k8s.io \"gone\" not found]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_holds_a_rule_may_grant_it() => Rules.Array[1, 4].Sample(rules => Assert.Empty(RuleCoverage.Missing(rules, rules)));

    [Fact]
    public void What_is_covered_allows_no_more_than_the_owner_may()
    {
        var asked = Gen.Select(Gen.OneOf("get", "list", "watch"), Gen.OneOf("", "apps", "batch"), Gen.OneOf("pods", "jobs"), Gen.OneOf("", "log"), Gen.OneOf("", "a", "c"))
            .Select((verb, group, resource, subresource, name) => new AccessAttributes
            {
                User = User("u"), Verb = verb, ApiGroup = group, Resource = resource, Subresource = subresource, Name = name,
            });
        Gen.Select(Rules.Array[0, 3], Rules, asked).Sample((held, wanted, question) =>
        {
            if (RuleCoverage.Missing(held, [wanted]).Count == 0 && wanted.Allows(question))
            {
                Assert.Contains(held, rule => rule.Allows(question));
            }
        });
    }
}
