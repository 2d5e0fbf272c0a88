using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests;

/// <summary>Defaults of the kinds that have few of them; the larger ones have tests of their own.</summary>
public sealed class DefaultsTests
{
    [Theory]
    [InlineData("jobs.batch", """{"spec":{"template":{}}}""",
        """{"spec":{"template":{},"completions":1,"parallelism":1,"backoffLimit":6,"completionMode":"NonIndexed","suspend":false,"manualSelector":false,"podReplacementPolicy":"TerminatingOrFailed"}}""")]
    [InlineData("jobs.batch", """{"spec":{"parallelism":2,"backoffLimitPerIndex":1,"podFailurePolicy":{"rules":[{"onPodConditions":[{"type":"x"}]}]},"template":{"metadata":{"labels":{"a":"b"}}}}}""",
        """
        {"metadata":{"labels":{"a":"b"}},"spec":{"parallelism":2,"backoffLimitPerIndex":1,"podFailurePolicy":{"rules":[{"onPodConditions":[{"type":"x","status":"True"}]}]},
         "template":{"metadata":{"labels":{"a":"b"}}},"backoffLimit":2147483647,"completionMode":"NonIndexed","suspend":false,"manualSelector":false,"podReplacementPolicy":"Failed"}}
        """)]
    [InlineData("cronjobs.batch", """{"spec":{"suspend":true}}""", """{"spec":{"suspend":true,"concurrencyPolicy":"Allow","successfulJobsHistoryLimit":3,"failedJobsHistoryLimit":1}}""")]
    [InlineData("statefulsets.apps", """{"spec":{"volumeClaimTemplates":[{}]}}""",
        """
        {"spec":{"replicas":1,"revisionHistoryLimit":10,"podManagementPolicy":"OrderedReady","updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":0,"maxUnavailable":1}},
         "persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Retain","whenScaled":"Retain"},
         "volumeClaimTemplates":[{"apiVersion":"v1","kind":"PersistentVolumeClaim","status":{"phase":"Pending"},"spec":{"volumeMode":"Filesystem"}}]}}
        """)]
    [InlineData("daemonsets.apps", """{"spec":{"updateStrategy":{"rollingUpdate":{"maxUnavailable":"10%"}}}}""",
        """{"spec":{"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"10%","maxSurge":0}},"revisionHistoryLimit":10}}""")]
    [InlineData("daemonsets.apps", """{"spec":{"updateStrategy":{"type":"OnDelete"}}}""", """{"spec":{"updateStrategy":{"type":"OnDelete"},"revisionHistoryLimit":10}}""")]
    [InlineData("replicationcontrollers", """{"spec":{"template":{"metadata":{"labels":{"a":"b"}}}}}""",
        """{"metadata":{"labels":{"a":"b"}},"spec":{"replicas":1,"selector":{"a":"b"},"template":{"metadata":{"labels":{"a":"b"}}}}}""")]
    [InlineData("persistentvolumes", """{"spec":{"hostPath":{"path":"/x"}}}""",
        """{"spec":{"hostPath":{"path":"/x","type":""},"persistentVolumeReclaimPolicy":"Retain","volumeMode":"Filesystem"},"status":{"phase":"Pending"}}""")]
    [InlineData("limitranges", """{"spec":{"limits":[{"type":"Container","max":{"cpu":"2"},"min":{"memory":"1Mi"}},{"type":"Pod","max":{"cpu":"2"}}]}}""",
        """
        {"spec":{"limits":[{"type":"Container","max":{"cpu":"2"},"min":{"memory":"1Mi"},"default":{"cpu":"2"},"defaultRequest":{"cpu":"2","memory":"1Mi"}},{"type":"Pod","max":{"cpu":"2"}}]}}
        """)]
    [InlineData("rolebindings.rbac.authorization.k8s.io", """{"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"u"},{"kind":"ServiceAccount","name":"s"}]}""",
        """
        {"roleRef":{"kind":"Role","name":"r","apiGroup":"rbac.authorization.k8s.io"},
         "subjects":[{"kind":"User","name":"u","apiGroup":"rbac.authorization.k8s.io"},{"kind":"ServiceAccount","name":"s"}]}
        """)]
    [InlineData("networkpolicies.networking.k8s.io", """{"spec":{"egress":[{"ports":[{"port":53}]}]}}""",
        """{"spec":{"egress":[{"ports":[{"port":53,"protocol":"TCP"}]}],"policyTypes":["Ingress","Egress"]}}""")]
    [InlineData("endpointslices.discovery.k8s.io", """{"ports":[{"port":80}]}""", """{"ports":[{"port":80,"name":"","protocol":"TCP"}]}""")]
    [InlineData("validatingwebhookconfigurations.admissionregistration.k8s.io", """{"webhooks":[{"rules":[{}],"clientConfig":{"service":{"name":"s"}}}]}""",
        """
        {"webhooks":[{"rules":[{"scope":"*"}],"clientConfig":{"service":{"name":"s","port":443}},"matchPolicy":"Equivalent","namespaceSelector":{},"objectSelector":{},
         "failurePolicy":"Fail","timeoutSeconds":10}]}
        """)]
    [InlineData("customresourcedefinitions.apiextensions.k8s.io", """{"spec":{"names":{"kind":"Widget"}}}""",
        """{"spec":{"names":{"kind":"Widget","singular":"widget","listKind":"WidgetList"},"conversion":{"strategy":"None"}}}""")]
    public void What_is_absent_is_filled_in_and_a_second_time_nothing_changes(string resource, string given, string expected)
    {
        var defaults = BuiltInResources.All.Single(d => d.GroupResource.ToString() == resource).Defaults!;
        var item = JsonNode.Parse(given)!.AsObject();
        defaults.Apply(item);
        var once = item.ToJsonString();
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(once)), once);
        defaults.Apply(item);
        Assert.Equal(once, item.ToJsonString());
    }
}
