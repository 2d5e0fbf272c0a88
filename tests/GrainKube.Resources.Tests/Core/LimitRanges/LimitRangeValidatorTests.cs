using Xunit;

namespace GrainKube.Resources.Tests.Core.LimitRanges;

public sealed class LimitRangeValidatorTests
{
    private const string Resource = "limitranges";

    [Fact]
    public void A_sound_one_is_accepted() => Assert.Empty(Written.Create(Resource, """{"metadata":{"name":"one"},"spec":{"limits":[{"type":"Container","max":{"cpu":"2"},"min":{"cpu":"100m"},"default":{"cpu":"1"},"defaultRequest":{"cpu":"200m"},"maxLimitRequestRatio":{"cpu":"10"}},{"type":"PersistentVolumeClaim","max":{"storage":"1Gi"}}]}}""").Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"spec":{"limits":[{"type":"Box"},{"type":"Pod","default":{"cpu":"1"}},{"type":"PersistentVolumeClaim"}]}}""", "spec.limits[0].type: Invalid value: \"Box\": must be a standard limit type or fully qualified", "spec.limits[1].default: Forbidden: may not be specified when `type` is 'Pod'", "spec.limits[2].limits: Required value: either minimum or maximum storage value is required, but neither was provided")]
    [InlineData("""{"metadata":{"name":"one"},"spec":{"limits":[{"type":"Container","max":{"cpu":"1"},"min":{"cpu":"2"},"default":{"cpu":"1500m"},"defaultRequest":{"cpu":"1800m"}}]}}""", "spec.limits[0].defaultRequest[cpu]: Invalid value: \"1800m\": default request value 1800m is greater than default limit value 1500m", "spec.limits[0].defaultRequest[cpu]: Invalid value: \"1800m\": default request value 1800m is greater than max value 1", "spec.limits[0].defaultRequest[cpu]: Invalid value: \"1800m\": min value 2 is greater than default request value 1800m", "spec.limits[0].default[cpu]: Invalid value: \"1\": default value 1500m is greater than max value 1", "spec.limits[0].default[cpu]: Invalid value: \"2\": min value 2 is greater than default value 1500m", "spec.limits[0].min[cpu]: Invalid value: \"2\": min value 2 is greater than max value 1")]
    [InlineData("""{"metadata":{"name":"one"},"spec":{"limits":[{"type":"Pod","max":{"memory":"2Gi"},"min":{"memory":"1Gi"},"maxLimitRequestRatio":{"memory":"3"}},{"type":"Pod"}]}}""", "spec.limits[0].maxLimitRequestRatio[memory]: Invalid value: \"3\": ratio 3 is greater than max/min = 2.000000", "spec.limits[1].type: Duplicate value: \"Pod\"")]
    public void What_is_wrong_is_told(string json, params string[] errors) =>
        Written.AssertBegins(errors, Written.Create(Resource, json).Errors);
}
