using Xunit;

namespace GrainKube.Resources.Tests.Columns;

/// <summary>Rows as <c>kubectl get -o wide</c> shows them, kind by kind.</summary>
public sealed class KindColumnsTests
{
    private const string Template = """ "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"a","image":"x:1"},{"name":"b","image":"y:2"}]}} """;

    [Theory]
    [InlineData("deployments.apps", """{"spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},TEMPLATE},"status":{"readyReplicas":2,"updatedReplicas":3,"availableReplicas":1}}""",
        "one | 2/3 | 3 | 1 | 5m | a,b | x:1,y:2 | app=web")]
    [InlineData("replicasets.apps", """{"spec":{"replicas":3,"selector":{"matchExpressions":[{"key":"tier","operator":"In","values":["b","a"]},{"key":"old","operator":"DoesNotExist"}]},TEMPLATE},"status":{"replicas":2,"readyReplicas":1}}""",
        "one | 3 | 2 | 1 | 5m | a,b | x:1,y:2 | !old,tier in (a,b)")]
    [InlineData("statefulsets.apps", """{"spec":{"replicas":1,TEMPLATE},"status":{"readyReplicas":1}}""", "one | 1/1 | 5m | a,b | x:1,y:2")]
    [InlineData("daemonsets.apps", """{"spec":{"selector":{},TEMPLATE},"status":{"desiredNumberScheduled":4,"currentNumberScheduled":3,"numberReady":2,"updatedNumberScheduled":1}}""",
        "one | 4 | 3 | 2 | 1 | 0 | <none> | 5m | a,b | x:1,y:2 | <none>")]
    [InlineData("replicationcontrollers", """{"spec":{"replicas":1,"selector":{"b":"2","a":"1"},TEMPLATE}}""", "one | 1 | 0 | 0 | 5m | a,b | x:1,y:2 | a=1,b=2")]
    [InlineData("controllerrevisions.apps", """{"revision":4,"metadata":{"ownerReferences":[{"apiVersion":"apps/v1","kind":"StatefulSet","name":"db","uid":"1","controller":true}]}}""", "one | statefulset.apps/db | 4 | 5m")]
    [InlineData("jobs.batch", """{"spec":{"completions":5,TEMPLATE},"status":{"succeeded":2,"startTime":"2026-05-04T11:58:00Z"}}""", "one | Running | 2/5 | 2m | 5m | a,b | x:1,y:2 | <none>")]
    [InlineData("jobs.batch", """{"spec":{"parallelism":3,TEMPLATE},"status":{"startTime":"2026-05-04T11:58:00Z","completionTime":"2026-05-04T11:58:07Z","conditions":[{"type":"Complete","status":"True"}]}}""",
        "one | Complete | 0/1 of 3 | 7s | 5m | a,b | x:1,y:2 | <none>")]
    [InlineData("cronjobs.batch", """{"spec":{"schedule":"*/5 * * * *","suspend":false,"jobTemplate":{"spec":{TEMPLATE}}},"status":{"lastScheduleTime":"2026-05-04T11:55:00Z","active":[{}]}}""",
        "one | */5 * * * * | <none> | False | 1 | 5m | 5m | a,b | x:1,y:2 | <none>")]
    public void Workloads(string resource, string item, string row) =>
        Assert.Equal(row, Sample.Row(resource, item.Replace("TEMPLATE", Template, StringComparison.Ordinal)));

    [Theory]
    [InlineData("""{"spec":{"type":"ClusterIP","clusterIP":"10.0.0.1","ports":[{"port":80,"protocol":"TCP"},{"port":53,"protocol":"UDP"}],"selector":{"app":"web"}}}""",
        "one | ClusterIP | 10.0.0.1 | <none> | 80/TCP,53/UDP | 5m | app=web")]
    [InlineData("""{"spec":{"type":"NodePort","clusterIP":"10.0.0.1","externalIPs":["1.2.3.4"],"ports":[{"port":80,"nodePort":30001,"protocol":"TCP"}]}}""",
        "one | NodePort | 10.0.0.1 | 1.2.3.4 | 80:30001/TCP | 5m | <none>")]
    [InlineData("""{"spec":{"type":"LoadBalancer","clusterIP":"None"}}""", "one | LoadBalancer | None | <pending> | <none> | 5m | <none>")]
    [InlineData("""{"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{"hostname":"b.example"},{"ip":"9.9.9.9"}]}}}""",
        "one | LoadBalancer | <none> | 9.9.9.9,b.example | <none> | 5m | <none>")]
    [InlineData("""{"spec":{"type":"ExternalName","externalName":"db.example"}}""", "one | ExternalName | <none> | db.example | <none> | 5m | <none>")]
    public void Services(string item, string row) => Assert.Equal(row, Sample.Row("services", item));

    [Theory]
    [InlineData("""{}""", "one | Unknown | <none> | 5m |  | <none> | <none> | <unknown> | <unknown> | <unknown>")]
    [InlineData("""
        {"metadata":{"labels":{"node-role.kubernetes.io/worker":"","node-role.kubernetes.io/control-plane":""}},"spec":{"unschedulable":true},
         "status":{"conditions":[{"type":"Ready","status":"True"}],"addresses":[{"type":"InternalIP","address":"192.168.0.5"}],
                   "nodeInfo":{"kubeletVersion":"v1.37.0","osImage":"Debian","kernelVersion":"6.1","containerRuntimeVersion":"docker://29"}}}
        """,
        "one | Ready,SchedulingDisabled | control-plane,worker | 5m | v1.37.0 | 192.168.0.5 | <none> | Debian | 6.1 | docker://29")]
    [InlineData("""{"status":{"conditions":[{"type":"Ready","status":"Unknown"}]}}""", "one | NotReady | <none> | 5m |  | <none> | <none> | <unknown> | <unknown> | <unknown>")]
    public void Nodes(string item, string row) => Assert.Equal(row, Sample.Row("nodes", item));

    [Theory]
    [InlineData("""{"involvedObject":{"kind":"Pod","name":"web-0","fieldPath":"spec.containers{a}"},"type":"Warning","reason":"BackOff","message":" slow \n","count":3,"source":{"component":"kubelet","host":"n1"},"firstTimestamp":"2026-05-04T11:50:00Z","lastTimestamp":"2026-05-04T11:59:30Z"}""",
        "30s | Warning | BackOff | pod/web-0 | spec.containers{a} | kubelet, n1 | slow | 10m | 3 | one")]
    [InlineData("""{"involvedObject":{"kind":"Node"},"eventTime":"2026-05-04T11:58:00.000001Z","reportingComponent":"scheduler","reportingInstance":"s-1","series":{"count":9,"lastObservedTime":"2026-05-04T11:59:59.5Z"}}""",
        "0s |  |  | node |  | scheduler, s-1 |  | 119s | 9 | one")]
    public void Events(string item, string row) => Assert.Equal(row, Sample.Row("events", item));

    [Theory]
    [InlineData("namespaces", """{"status":{"phase":"Active"}}""", "one | Active | 5m")]
    [InlineData("configmaps", """{"data":{"a":"1","b":"2"},"binaryData":{"c":"AA=="}}""", "one | 3 | 5m")]
    [InlineData("secrets", """{"type":"Opaque","data":{"a":"AA=="}}""", "one | Opaque | 1 | 5m")]
    [InlineData("serviceaccounts", """{"secrets":[{"name":"x"}]}""", "one | 1 | 5m")]
    [InlineData("endpoints", """{"subsets":[{"addresses":[{"ip":"1.1.1.1"},{"ip":"::2"}],"ports":[{"port":80},{"port":81}]}]}""", "one | 1.1.1.1:80,[::2]:80,1.1.1.1:81 + 1 more... | 5m")]
    [InlineData("limitranges", "{}", "one | 2026-05-04T11:55:00Z")]
    [InlineData("resourcequotas", """{"status":{"hard":{"pods":"5","limits.cpu":"2","cpu":"1"},"used":{"pods":"3"}}}""", "one | cpu: 0/1, pods: 3/5 | limits.cpu: 0/2 | 5m")]
    [InlineData("persistentvolumes", """{"spec":{"capacity":{"storage":"5Gi"},"accessModes":["ReadWriteMany","ReadWriteOnce"],"persistentVolumeReclaimPolicy":"Retain","claimRef":{"namespace":"a","name":"b"},"volumeMode":"Block"},"status":{"phase":"Bound"}}""",
        "one | 5Gi | RWO,RWX | Retain | Bound | a/b |  | <unset> |  | 5m | Block")]
    [InlineData("persistentvolumeclaims", """{"spec":{"volumeName":"v","storageClassName":"fast"},"status":{"phase":"Bound","capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOncePod"]}}""",
        "one | Bound | v | 1Gi | RWOP | fast | <unset> | 5m | <unset>")]
    [InlineData("leases.coordination.k8s.io", """{"spec":{"holderIdentity":"me"}}""", "one | me | 5m")]
    [InlineData("storageclasses.storage.k8s.io", """{"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}},"provisioner":"p"}""", "one (default) | p | Delete | Immediate | False | 5m")]
    [InlineData("poddisruptionbudgets.policy", """{"spec":{"minAvailable":"50%"},"status":{"disruptionsAllowed":1}}""", "one | 50% | N/A | 1 | 5m")]
    [InlineData("ingresses.networking.k8s.io", """{"spec":{"rules":[{"host":"a.b"}],"tls":[{}]},"status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4"}]}}}""", "one | <none> | a.b | 1.2.3.4 | 80, 443 | 5m")]
    [InlineData("endpointslices.discovery.k8s.io", """{"addressType":"IPv4","ports":[{"port":80},{"name":"x"}],"endpoints":[{"addresses":["1.1.1.1"]}]}""", "one | IPv4 | 80,x | 1.1.1.1 | 5m")]
    [InlineData("ipaddresses.networking.k8s.io", """{"spec":{"parentRef":{"resource":"services","namespace":"a","name":"b"}}}""", "one | services/a/b")]
    [InlineData("rolebindings.rbac.authorization.k8s.io", """{"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"u"},{"kind":"ServiceAccount","namespace":"n","name":"s"},{"kind":"Group","name":"g"}]}""",
        "one | Role/r | 5m | u | g | n/s")]
    [InlineData("certificatesigningrequests.certificates.k8s.io", """{"spec":{"signerName":"s/x","username":"u","expirationSeconds":3600},"status":{"certificate":"AA==","conditions":[{"type":"Approved","status":"True"}]}}""",
        "one | 5m | s/x | u | 60m | Approved,Issued")]
    [InlineData("apiservices.apiregistration.k8s.io", """{"spec":{"service":{"namespace":"a","name":"b"}},"status":{"conditions":[{"type":"Available","status":"False","reason":"Down"}]}}""", "one | a/b | False (Down) | 5m")]
    [InlineData("horizontalpodautoscalers.autoscaling", """
        {"spec":{"scaleTargetRef":{"kind":"Deployment","name":"web"},"minReplicas":2,"maxReplicas":9,"metrics":[
          {"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":50}}},
          {"type":"External","external":{"metric":{"name":"q"},"target":{"type":"AverageValue","averageValue":"10"}}},
          {"type":"Pods","pods":{"metric":{"name":"p"},"target":{"type":"AverageValue","averageValue":"1"}}}]},
         "status":{"currentReplicas":3,"currentMetrics":[{"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":20}}}]}}
        """, "one | Deployment/web | cpu: 20%/50%, <unknown>/10 (avg) + 1 more... | 2 | 9 | 3 | 5m")]
    [InlineData("resourceclaims.resource.k8s.io", """{"status":{"allocation":{},"reservedFor":[{"resource":"pods","name":"p","uid":"1"}]}}""", "one | allocated,reserved | 5m")]
    public void Others(string resource, string item, string row) => Assert.Equal(row, Sample.Row(resource, item));
}
