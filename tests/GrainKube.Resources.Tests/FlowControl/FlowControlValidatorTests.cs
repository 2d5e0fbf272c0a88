using Xunit;

namespace GrainKube.Resources.Tests.FlowControl;

public sealed class FlowControlValidatorTests
{
    private const string Schemas = "flowschemas.flowcontrol.apiserver.k8s.io";
    private const string Levels = "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io";
    private const string Anybody = """{"subjects":[{"kind":"User","user":{"name":"a"}}],"nonResourceRules":[{"verbs":["*"],"nonResourceURLs":["*"]}]}""";

    public static TheoryData<string, string, string?> SchemaCases => new()
    {
        { "a", $$"""{"matchingPrecedence":1000,"priorityLevelConfiguration":{"name":"l"},"distinguisherMethod":{"type":"ByUser"},"rules":[{{Anybody}}]}""", null },
        { "a", """{"matchingPrecedence":1,"priorityLevelConfiguration":{"name":"l"}}""", "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1" },
        { "a", """{"matchingPrecedence":-1,"priorityLevelConfiguration":{"name":"l"}}""", "spec.matchingPrecedence: Invalid value: -1: must be a positive value" },
        { "a", """{"matchingPrecedence":10001,"priorityLevelConfiguration":{"name":"l"}}""", "spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000" },
        { "a", """{"priorityLevelConfiguration":{"name":""}}""", "spec.priorityLevelConfiguration.name: Required value: must reference a priority level" },
        { "a", """{"priorityLevelConfiguration":{"name":"l"},"distinguisherMethod":{"type":"ByMood"}}""", "spec.distinguisherMethod.type: Unsupported value: \"ByMood\": supported values: \"ByNamespace\", \"ByUser\"" },
        { "a", """{"priorityLevelConfiguration":{"name":"l"},"rules":[{"subjects":[{"kind":"User","user":{"name":"a"}}]}]}""", "spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty" },
        {
            "a", """{"priorityLevelConfiguration":{"name":"l"},"rules":[{"subjects":[{"kind":"User","group":{"name":"a"}}],"nonResourceRules":[{"verbs":["*"],"nonResourceURLs":["*"]}]}]}""",
            "spec.rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind is not 'Group'|spec.rules[0].subjects[0].user: Required value: user is required when subject kind is 'User'"
        },
        {
            "a", """{"priorityLevelConfiguration":{"name":"l"},"rules":[{"subjects":[{"kind":"Group","group":{"name":"a"}}],"resourceRules":[{"verbs":["*","get"],"apiGroups":[""],"resources":["pods"]}]}]}""",
            "spec.rules[0].resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace"
                + "|spec.rules[0].resourceRules[0].verbs: Invalid value: [\"*\",\"get\"]: if '*' is present, must not specify other verbs"
        },
        {
            "a", """{"priorityLevelConfiguration":{"name":"l"},"rules":[{"subjects":[{"kind":"Group","group":{"name":"a"}}],"nonResourceRules":[{"verbs":["get"],"nonResourceURLs":["/a/*","/b*","c"]}]}]}""",
            "spec.rules[0].nonResourceRules[0].nonResourceURLs[1]: Invalid value: \"/b*\": wildcard can only do suffix matching"
                + "|spec.rules[0].nonResourceRules[0].nonResourceURLs[2]: Invalid value: \"c\": must start with slash"
        },
    };

    public static TheoryData<string, string, string?> LevelCases => new()
    {
        { "a", """{"type":"Limited","limited":{"nominalConcurrencyShares":2,"limitResponse":{"type":"Reject"}}}""", null },
        { "a", """{"type":"Limited","limited":{"limitResponse":{"type":"Queue","queuing":{"queues":128,"handSize":6,"queueLengthLimit":50}}}}""", null },
        { "a", """{"type":"Exempt"}""", "spec.type: Invalid value: \"Exempt\": type must be 'Exempt' if and only if name is 'exempt'" },
        { "a", """{"type":"Limited"}""", "spec.limited: Required value: must not be empty when type is Limited" },
        { "a", """{"type":"Limited","limited":{"nominalConcurrencyShares":-1,"lendablePercent":101,"borrowingLimitPercent":-1,"limitResponse":{"type":"Reject"}}}""",
            "spec.limited.borrowingLimitPercent: Invalid value: -1: if specified, must be a non-negative integer|spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive"
                + "|spec.limited.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer" },
        { "a", """{"type":"Limited","limited":{"limitResponse":{"type":"Queue"}}}""", "spec.limited.limitResponse.queuing: Required value: must not be empty if limited.limitResponse.type is Limited" },
        { "a", """{"type":"Limited","limited":{"limitResponse":{"type":"Queue","queuing":{"queues":4,"handSize":5,"queueLengthLimit":1}}}}""",
            "spec.limited.limitResponse.queuing.handSize: Invalid value: 5: should not be greater than queues (4)" },
        { "a", """{"type":"Limited","limited":{"limitResponse":{"type":"Queue","queuing":{"queues":1024,"handSize":7,"queueLengthLimit":1}}}}""",
            "spec.limited.limitResponse.queuing.handSize: Invalid value: 7: required entropy bits of deckSize 1024 and handSize 7 should not be greater than 60" },
    };

    [Theory]
    [MemberData(nameof(SchemaCases))]
    public void A_flow_schema_says_whom_and_what_it_is_about(string name, string spec, string? problems) => Check(Schemas, "FlowSchema", name, spec, problems);

    [Theory]
    [MemberData(nameof(LevelCases))]
    public void A_priority_level_can_be_served(string name, string spec, string? problems) => Check(Levels, "PriorityLevelConfiguration", name, spec, problems);

    [Fact]
    public void What_every_cluster_has_is_valid_and_what_is_mandatory_stays_as_it_is()
    {
        foreach (var (resource, item) in Resources.FlowControl.DefaultFlowControl.Levels().Select(l => (Levels, l)).Concat(Resources.FlowControl.DefaultFlowControl.Schemas().Select(s => (Schemas, s))))
        {
            Assert.Empty(Written.Create(resource, item.ToJsonString()).Errors);
        }

        var level = Written.Create(Levels, Resources.FlowControl.DefaultFlowControl.Levels().Single(l => (string?)l["metadata"]!["name"] == "catch-all").ToJsonString()).Item;
        var changed = Written.Update(Levels, level, next => next["spec"]!["limited"]!["nominalConcurrencyShares"] = 6);
        Assert.EndsWith("spec of 'catch-all' must equal the fixed value", Assert.Single(changed.Errors), StringComparison.Ordinal);
        var exempt = Written.Create(Levels, Resources.FlowControl.DefaultFlowControl.Levels().Single(l => (string?)l["metadata"]!["name"] == "exempt").ToJsonString()).Item;
        Assert.Empty(Written.Update(Levels, exempt, next => next["spec"]!["exempt"]!["lendablePercent"] = 50).Errors);
    }

    private static void Check(string resource, string kind, string name, string spec, string? problems) => Assert.Equal(
        problems?.Split('|') ?? [],
        Written.Create(resource, $$"""{"apiVersion":"flowcontrol.apiserver.k8s.io/v1","kind":"{{kind}}","metadata":{"name":"{{name}}"},"spec":{{spec}}}""").Errors);
}
