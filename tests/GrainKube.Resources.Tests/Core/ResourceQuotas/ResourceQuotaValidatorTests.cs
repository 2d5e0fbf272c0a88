using Xunit;

namespace GrainKube.Resources.Tests.Core.ResourceQuotas;

public sealed class ResourceQuotaValidatorTests
{
    private const string Resource = "resourcequotas";

    [Fact]
    public void A_sound_one_is_accepted() => Assert.Empty(Written.Create(Resource, """{"metadata":{"name":"one"},"spec":{"hard":{"pods":"2","requests.example.com/gpu":"1","count/deployments.apps":"3"},"scopes":["NotTerminating"]}}""").Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"spec":{"hard":{"pods":"0.5","bananas":"1","cpu":"-1"}}}""", "spec.hard[bananas]: Invalid value: \"bananas\": must be a standard resource for quota", "spec.hard[bananas]: Invalid value: \"bananas\": must be a standard resource type or fully qualified", "spec.hard[cpu]: Invalid value: \"-1\": must be greater than or equal to 0", "spec.hard[pods]: Invalid value: \"500m\": must be an integer")]
    [InlineData("""{"metadata":{"name":"one"},"spec":{"hard":{"services":"1"},"scopes":["BestEffort","NotBestEffort","Odd"]}}""", "spec.scopes: Invalid value: [\"BestEffort\",\"NotBestEffort\",\"Odd\"]: conflicting scopes", "spec.scopes: Invalid value: [\"BestEffort\",\"NotBestEffort\",\"Odd\"]: unsupported scope", "spec.scopes: Invalid value: [\"BestEffort\",\"NotBestEffort\",\"Odd\"]: unsupported scope applied to resource", "spec.scopes: Invalid value: [\"BestEffort\",\"NotBestEffort\",\"Odd\"]: unsupported scope applied to resource")]
    [InlineData("""{"metadata":{"name":"one"},"spec":{"hard":{"pods":"1"},"scopeSelector":{"matchExpressions":[{"scopeName":"PriorityClass","operator":"In"},{"scopeName":"Terminating","operator":"DoesNotExist"}]}}}""", "spec.scopeSelector.matchExpressions.operator: Invalid value: \"DoesNotExist\": must be 'Exists' when scope is any of", "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")]
    public void What_is_wrong_is_told(string json, params string[] errors) =>
        Written.AssertBegins(errors, Written.Create(Resource, json).Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"spec":{"hard":{"pods":"1"}}}""", """{"spec":{"hard":{"pods":"1"},"scopes":["BestEffort"]}}""", "spec.scopes: Invalid value: [\"BestEffort\"]: field is immutable")]
    public void What_may_not_change_is_told(string before, string after, params string[] errors) =>
        Written.AssertBegins(errors, Written.Change(Resource, before, after).Errors);
}
